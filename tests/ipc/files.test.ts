import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Download } from '../../src-preload/contract.ts'
import { Failure } from '../../src-main/lib/failure.ts'
import { Downloads, type Writing } from '../../src-main/ipc/files/downloads.ts'
import { partSize } from '../../src-main/ipc/schemas.ts'
import type { DownloadLocation } from '../../src-main/ipc/host-platform.ts'
import { Uploads } from '../../src-main/ipc/files/uploads.ts'

const log = pino({ level: 'silent' })
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kurir-files-'))
})

describe('a file from the window', () => {
  const file = { fileName: 'a.pdf', mimeType: 'application/pdf' }

  async function send(uploads: Uploads, content: Buffer): Promise<string> {
    const { uploadId } = await uploads.begin({ ...file, bytes: content.length })
    const parts: Promise<null>[] = []
    for (let at = 0; at < content.length; at += partSize) {
      parts.push(uploads.part(uploadId, content.subarray(at, at + partSize).toString('base64')))
    }
    // Not one after the other: their order is kept all the same.
    await Promise.all(parts)
    await uploads.finish(uploadId)
    return uploadId
  }

  test('comes whole, in order, for this user’s eyes only, and is gone after its use', async () => {
    const uploads = new Uploads(folder)
    const content = randomBytes(partSize * 3 + 17)
    let path = ''
    await uploads.with(await send(uploads, content), async (received) => {
      path = received.path
      expect(readFileSync(path).equals(content)).toBe(true)
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(received).toMatchObject({ fileName: 'a.pdf', bytes: content.length })
    })
    expect(existsSync(path)).toBe(false)
  })

  test('is gone after a use that failed', async () => {
    const uploads = new Uploads(folder)
    const id = await send(uploads, Buffer.from('x'))
    await expect(uploads.with(id, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(uploads.with(id, () => Promise.resolve(1))).rejects.toThrow(/upload no longer exists/)
    expect(readdirSync(join(folder, 'uploads'))).toEqual([])
  })

  test('that cannot be removed after its use does not undo what became of it', async () => {
    const uploads = new Uploads(folder)
    const used = uploads.with(await send(uploads, Buffer.from('x')), async ({ path }) => {
      await rm(path)
      // No plain removal takes a folder.
      await mkdir(path)
      return 'sent'
    })
    expect(await used).toBe('sent')
  })

  test('is refused when more or less of it comes than was announced', async () => {
    const uploads = new Uploads(folder)
    const more = await uploads.begin({ ...file, bytes: 2 })
    await expect(uploads.part(more.uploadId, Buffer.from('abc').toString('base64'))).rejects.toThrow(
      /longer than announced/,
    )
    const less = await uploads.begin({ ...file, bytes: 5 })
    await uploads.part(less.uploadId, Buffer.from('abc').toString('base64'))
    await expect(uploads.finish(less.uploadId)).rejects.toThrow(/shorter than announced/)
    expect(readdirSync(join(folder, 'uploads'))).toEqual([])
  })

  test('cannot be used before it is whole', async () => {
    const uploads = new Uploads(folder)
    const { uploadId } = await uploads.begin({ ...file, bytes: 3 })
    await expect(uploads.with(uploadId, () => Promise.resolve(1))).rejects.toThrow(/not complete yet/)
    await uploads.stop()
  })

  test('is one of eight at most, and none is left behind by a stop', async () => {
    const uploads = new Uploads(folder)
    for (let count = 0; count < 8; count += 1) await uploads.begin({ ...file, bytes: 1 })
    await expect(uploads.begin({ ...file, bytes: 1 })).rejects.toMatchObject({ code: 'queue_full' })
    await uploads.stop()
    expect(readdirSync(join(folder, 'uploads'))).toEqual([])
  })

  test('that an earlier run left behind is swept away', async () => {
    await new Uploads(folder).begin({ ...file, bytes: 1 })
    await new Uploads(folder).sweep()
    expect(existsSync(join(folder, 'uploads'))).toBe(false)
  })
})

describe('a file for the operator', () => {
  function download(place: DownloadLocation): { downloads: Downloads; ended: Promise<Download> } {
    const downloads = new Downloads(folder, { chooseSavingPlace: () => Promise.resolve(place) }, log)
    const ended = new Promise<Download>((resolve) => {
      downloads.onChange.add((download) => {
        if (download.state !== 'running') resolve(download)
      })
    })
    return { downloads, ended }
  }
  const write: Writing = (file) => writeFile(file, 'content')

  test('goes where the operator says, whole or not at all', async () => {
    const path = join(folder, 'export.csv')
    writeFileSync(path, 'the one before')
    const good = download({ where: 'path', path })
    await good.downloads.begin('export', 'export.csv', write)
    expect(await good.ended).toMatchObject({ state: 'done', path })
    expect(readFileSync(path, 'utf8')).toBe('content')

    const bad = download({ where: 'path', path })
    await bad.downloads.begin('export', 'export.csv', async (file) => {
      await writeFile(file, 'half')
      throw new Failure('storage_full', 'The disk is full.')
    })
    expect(await bad.ended).toMatchObject({ state: 'failed', failure: { code: 'storage_full' } })
    expect(readFileSync(path, 'utf8')).toBe('content')
    expect(readdirSync(folder)).toEqual(['export.csv'])
  })

  test('is whole also where another is being written to the same place', async () => {
    const path = join(folder, 'export.csv')
    const { promise: firstGoesOn, resolve: goOn } = Promise.withResolvers<void>()
    const first = download({ where: 'path', path })
    const second = download({ where: 'path', path })
    await first.downloads.begin('export', 'export.csv', async (file) => {
      const handle = await open(file, 'w')
      await handle.write('the first ')
      await firstGoesOn
      await handle.write('export')
      await handle.close()
    })
    await second.downloads.begin('export', 'export.csv', (file) => writeFile(file, 'second'))
    expect(await second.ended).toMatchObject({ state: 'done' })
    expect(readFileSync(path, 'utf8')).toBe('second')
    goOn()
    expect(await first.ended).toMatchObject({ state: 'done' })
    expect(readFileSync(path, 'utf8')).toBe('the first export')
    expect(readdirSync(folder)).toEqual(['export.csv'])
  })

  test('that can neither be written nor removed has failed, and that is all', async () => {
    const { downloads, ended } = download({ where: 'path', path: join(folder, 'export.csv') })
    // A rejection that nobody takes would end the test, and the program.
    await downloads.begin('export', 'export.csv', async (file) => {
      await mkdir(file)
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    })
    expect(await ended).toMatchObject({ state: 'failed', failure: { code: 'storage_full' } })
    await downloads.stop()
  })

  test('is not begun where the operator chose no place', async () => {
    const { downloads } = download({ where: 'nowhere' })
    expect(await downloads.begin('export', 'export.csv', write)).toBeNull()
  })

  test('is read by a browser in parts, and forgotten after the last', async () => {
    const content = randomBytes(partSize * 2 + 5)
    const { downloads, ended } = download({ where: 'parts' })
    const begun = await downloads.begin('backup', 'b', (file) => writeFile(file, content))
    expect(await ended).toMatchObject({ state: 'done', path: null, done: content.length })
    const id = begun?.id ?? ''
    const parts: Buffer[] = []
    for (let last = false; !last;) {
      const part = await downloads.read(id, Buffer.concat(parts).length)
      parts.push(Buffer.from(part.base64, 'base64'))
      last = part.last
    }
    expect(Buffer.concat(parts).equals(content)).toBe(true)
    await expect(downloads.read(id, 0)).rejects.toThrow(/file no longer exists/)
    expect(readdirSync(join(folder, 'savings'))).toEqual([])
  })

  test('ends when it is cancelled, and leaves nothing', async () => {
    const { downloads, ended } = download({ where: 'parts' })
    const begun = await downloads.begin(
      'export',
      'e',
      (_file, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('cancelled')))
        }),
    )
    downloads.cancel(begun?.id ?? '')
    expect(await ended).toMatchObject({ state: 'cancelled' })
    expect(readdirSync(join(folder, 'savings'))).toEqual([])
  })
})
