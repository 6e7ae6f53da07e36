import {
  chmodSync,
  chownSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeReadyFile } from '../../src-main/headless/terminal/ready-file.ts'
import { openDataFolder, othersWithAccess } from '../../src-main/storage/data-folder/data-folder.ts'
import { writeFileAtomic } from '../../src-main/storage/data-folder/write-file-atomic.ts'
import { folder } from './support.ts'

const isRoot = process.geteuid?.() === 0

it.each([
  ['a small file', (file: string) => writeFileAtomic(file, 'secret')],
  ['the ready file', (file: string) => writeReadyFile(file, { pid: 1, api: 'secret', window: null })],
])('%s is never written into a file that somebody laid out under a name that can be foreseen', (_, write) => {
  const shared = folder()
  const theirs = join(folder(), 'theirs')
  writeFileSync(theirs, '')
  const file = join(shared, 'ready.json')
  symlinkSync(theirs, `${file}.${process.pid}.tmp`)
  write(file)
  expect(readFileSync(theirs, 'utf8')).toBe('')
  expect(readFileSync(file, 'utf8')).toContain('secret')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(shared).toSorted()).toEqual(['ready.json', `ready.json.${process.pid}.tmp`])
})

it.runIf(isRoot)('a data folder of another user is refused, with what to do', async () => {
  const path = folder()
  chownSync(path, 12_345, 12_345)
  const refusal = openDataFolder(path, 'headless')
  await expect(refusal).rejects.toMatchObject({ code: 'data_folder_unwritable' })
  await expect(refusal).rejects.toThrow('belongs to another user (12345)')
})

it.each([
  [0o700, null],
  [0o750, 'group'],
  [0o711, 'everybody'],
])('of a data folder of mode %o it is told who else may open it', (mode, others) => {
  const path = folder()
  chmodSync(path, mode)
  expect(othersWithAccess(path)).toBe(others)
})
