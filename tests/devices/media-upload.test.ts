import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startControl } from '../../src-main/sandbox/control/sandbox-control.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import { temporaryFolder } from '../support/program.ts'
import { pairedDevice, silentLog, startFixture } from './devices-fixture.ts'

const mebibyte = 1_048_576

test('a file of 64 MiB that is encrypted and uploaded leaves few of its pieces in memory', async () => {
  const folder = temporaryFolder()
  const files = await Promise.all(
    [1, 64 * mebibyte].map(async (bytes) => {
      const path = join(folder, String(bytes))
      await writeFile(path, Buffer.alloc(bytes, 7))
      return { path, bytes }
    }),
  )
  const sandbox = await startSandbox({ file: null, log: silentLog })
  const control = await startControl(sandbox, { port: 0 })
  const { url, certificate } = sandbox
  const script = join(import.meta.dirname, 'upload-large.ts')
  const words = JSON.stringify({ url, certificate, control: control.url, files })
  const { stdout } = await promisify(execFile)(process.execPath, [script, words])
  await Promise.all([control.stop(), sandbox.stop()])
  const { grown } = JSON.parse(stdout) as { grown: number }
  expect(grown).toBeLessThan(16 * mebibyte)
}, 60_000)

test('a newsletter’s file of many pieces is uploaded as it is', async () => {
  const fixture = await startFixture()
  const { id } = await pairedDevice(fixture)
  const path = join(temporaryFolder(), 'file')
  const content = randomBytes(5_000_000)
  await writeFile(path, content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const unknown = { width: null, height: null, seconds: null, waveform: null, thumbnail: null, notes: [] }
  const about = { kind: 'document', mimeType: 'text/plain', fileName: 'a.txt', ...unknown } as const
  const file = { path, bytes: content.length, sha256, ...about }
  const media = { kind: 'media', file, caption: null, viewOnce: false } as const
  // The practice WhatsApp takes it under the hash of its content alone.
  const message = await fixture.devices.compose(id, media, { newsletter: true })
  expect(fixture.sandbox.reports()).toEqual([])
  expect(message.length).toBeGreaterThan(0)
  await fixture.stop()
})
