import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { DiskSpace, readSpace, type FileSystemSpace } from '../../src-main/storage/data-folder/disk-space.ts'

const gibibyte = 1024 ** 3

function diskOf(space: FileSystemSpace | null): DiskSpace {
  return new DiskSpace('/anywhere', () => space)
}

test.each([
  ['half a GiB of 200', { freeBytes: gibibyte / 2, totalBytes: 200 * gibibyte }, true],
  ['a little more than one GiB of 200', { freeBytes: gibibyte + 1, totalBytes: 200 * gibibyte }, false],
  ['half a GiB of 4: more than a tenth', { freeBytes: gibibyte / 2, totalBytes: 4 * gibibyte }, false],
  ['a quarter of a GiB of 4', { freeBytes: gibibyte / 4, totalBytes: 4 * gibibyte }, true],
  ['a few KiB of a disk of 24 MiB', { freeBytes: 9_000, totalBytes: 24 * 1024 ** 2 }, false],
  ['a file system that does not know', null, false],
])('%s free: too little is %o', (_name, space, isLow) => {
  const disk = diskOf(space)
  expect(disk.isLow).toBe(isLow)
  if (isLow) expect(() => disk.checkSpace()).toThrow(/of the disk is free: no new messages are accepted/)
  else disk.checkSpace()
  disk.stop()
})

test('the system says what the disk of a folder has, and nothing of one that is not there', () => {
  const { freeBytes = 0, totalBytes = 0 } = readSpace(tmpdir()) ?? {}
  expect(freeBytes).toBeGreaterThan(0)
  expect(totalBytes).toBeGreaterThan(freeBytes)
  expect(readSpace('/not/there')).toBeNull()
})

// Linux answers zeros for it, as some network file systems do.
test.skipIf(!existsSync('/proc/self'))(
  'a file system that answers zeros is taken as one that does not know',
  () => {
    expect(readSpace('/proc')).toBeNull()
    expect(new DiskSpace('/proc').freeBytes).toBe(Infinity)
  },
)
