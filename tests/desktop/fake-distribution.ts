import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What @electron/fuses looks for in Electron's executable; version, number of fuses and their states follow it. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** As Electron ships them: '0' off, '1' on. */
const fusesAsShipped = '101100101'

/** A folder shaped like an unpacked Electron for Linux, as far as electron-builder looks at it. */
export function fakeDistribution(electronVersion: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-electron-'))
  mkdirSync(join(folder, 'resources'))
  const executable = Buffer.concat([
    Buffer.from('#!/bin/sh\nexit 0\n'),
    Buffer.alloc(64),
    Buffer.from(fuseSentinel, 'latin1'),
    Buffer.from([1, fusesAsShipped.length]),
    Buffer.from(fusesAsShipped, 'latin1'),
    Buffer.alloc(64),
  ])
  writeFileSync(join(folder, 'electron'), executable, { mode: 0o755 })
  writeFileSync(join(folder, 'version'), electronVersion)
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, name), name)
  return folder
}
