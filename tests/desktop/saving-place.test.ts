import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isInsideDataFolder } from '../../src-main/desktop/window/download-location.ts'

test('a file for the operator is told from those of the program, by whatever way it is reached', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-place-'))
  const data = join(folder, 'Kurir')
  mkdirSync(join(data, 'uploads'), { recursive: true })
  mkdirSync(join(folder, 'Kurir backups'))
  symlinkSync(data, join(folder, 'link'), process.platform === 'win32' ? 'junction' : 'dir')
  const places = [
    'Kurir/kurir.sqlite',
    'Kurir/uploads/a',
    'link/settings.json',
    'Kurir backups/kurir.sqlite',
    'a.csv',
  ]
  expect(await Promise.all(places.map((place) => isInsideDataFolder(join(folder, place), data)))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})
