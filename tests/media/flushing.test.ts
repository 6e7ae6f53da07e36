import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import { failureOf, openMedia, type OpenMedia } from './files/open-media.ts'

afterEach(() => vi.restoreAllMocks())

interface Flushed {
  isFolder: boolean
  bytes: number
}

/** Tells of everything that is flushed to the disk, and lets `instead` spoil it. */
async function watchFlushes(
  room: OpenMedia,
  instead: (flushed: Flushed) => Promise<void> = async () => undefined,
): Promise<Flushed[]> {
  const flushes: Flushed[] = []
  await using probe = await open(join(room.folder, 'temporary'))
  vi.spyOn(Object.getPrototypeOf(probe) as FileHandle, 'sync').mockImplementation(async function (
    this: FileHandle,
  ) {
    const found = await this.stat()
    const flushed = { isFolder: found.isDirectory(), bytes: found.size }
    flushes.push(flushed)
    await instead(flushed)
  })
  return flushes
}

const pieces = (count: number): Readable =>
  Readable.from(Array.from({ length: count }, () => Buffer.alloc(65_536, 7)))
const part = { fileName: null, mimeType: null }

test('an upload is accepted once the disk has it, and where folders can be flushed its name', async () => {
  await using room = await openMedia()
  const disk = Promise.withResolvers<void>()
  const flushes = await watchFlushes(room, () => disk.promise)
  let accepted = false
  const upload = room.media.receiveUpload(pieces(3), part).then((taken) => {
    accepted = true
    return taken
  })
  await expect.poll(() => flushes.length).toBeGreaterThan(0)
  await new Promise(setImmediate)
  expect(accepted).toBe(false)
  disk.resolve()
  const { bytes } = await upload
  expect(flushes[0]).toEqual({ isFolder: false, bytes })
  expect(flushes.some(({ isFolder }) => isFolder)).toBe(process.platform !== 'win32')
})

test('of a large upload the disk has a part before the rest has come, and in the end all', async () => {
  await using room = await openMedia()
  const flushes = await watchFlushes(room)
  const { bytes } = await room.media.receiveUpload(pieces(256), part)
  const ofFile = flushes.filter(({ isFolder }) => !isFolder)
  expect(ofFile.length).toBeGreaterThan(1)
  expect(ofFile.at(-1)?.bytes).toBe(bytes)
})

test('an upload that the disk does not take in the end is refused and leaves nothing', async () => {
  await using room = await openMedia()
  await watchFlushes(room, async () => {
    throw Object.assign(new Error('ENOSPC: no space left on device, fsync'), { code: 'ENOSPC' })
  })
  expect((await failureOf(room.media.receiveUpload(pieces(3), part))).code).toBe('storage_full')
  expect(await room.left()).toEqual([])
})

test('an upload of which the disk lost a part on the way is refused, though it takes the rest', async () => {
  await using room = await openMedia()
  const flushes = await watchFlushes(room, async () => {
    if (flushes.length === 1)
      throw Object.assign(new Error('EDQUOT: disk quota exceeded'), { code: 'EDQUOT' })
  })
  expect((await failureOf(room.media.receiveUpload(pieces(256), part))).code).toBe('storage_full')
  expect(await room.left()).toEqual([])
})

test('a disk that fails is told from an upload that breaks off', async () => {
  await using room = await openMedia()
  await watchFlushes(room, async () => {
    throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })
  })
  expect((await failureOf(room.media.receiveUpload(pieces(3), part))).code).toBe('storage_unavailable')
  expect(await room.left()).toEqual([])
})

test('a file system that cannot flush folders takes uploads all the same', async () => {
  await using room = await openMedia()
  await watchFlushes(room, async ({ isFolder }) => {
    if (isFolder) throw Object.assign(new Error('EINVAL: invalid argument, fsync'), { code: 'EINVAL' })
  })
  expect((await room.media.receiveUpload(pieces(3), part)).bytes).toBe(3 * 65_536)
})
