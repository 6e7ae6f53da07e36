import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { Inspector } from '../../src-main/media/inspection/inspector.ts'
import { Media } from '../../src-main/media/media.ts'
import { Limiter } from '../../src-main/media/limiter.ts'
import { makePdf } from './files/office-files.ts'
import { failureOf, openMedia, silentLog } from './files/open-media.ts'
import { startWebServer } from './files/web-server.ts'

test('what an earlier run left goes at the start, but for what is still needed', async () => {
  await using room = await openMedia()
  const kept = await room.upload(makePdf(), 'kept.pdf')
  await room.upload(makePdf(), 'lost.pdf')
  await mkdir(join(room.folder, 'temporary', 'a folder'))
  const next = new Media({
    folder: room.folder,
    settings: { get: () => [] as never },
    inspector: new Inspector(),
    log: silentLog,
    ownPorts: () => [],
  })
  await next.start({ keep: [kept.path] })
  expect(
    (await readdir(join(room.folder, 'temporary'))).map((name) => join(room.folder, 'temporary', name)),
  ).toEqual([kept.path])
})

test.skipIf(process.platform === 'win32')('nobody else can read a file on its way', async () => {
  await using room = await openMedia()
  const upload = await room.upload(makePdf())
  expect((await stat(upload.path)).mode & 0o777).toBe(0o600)
  expect((await stat(join(room.folder, 'temporary'))).mode & 0o777).toBe(0o700)
})

test('an upload that breaks off leaves nothing', async () => {
  await using room = await openMedia()
  const broken = Readable.from(
    (async function* () {
      yield makePdf()
      throw new Error('cut')
    })(),
  )
  const failure = await failureOf(room.media.receiveUpload(broken, { fileName: null, mimeType: null }))
  expect(failure.code).toBe('body_unreadable')
  expect(await room.left()).toEqual([])
})

test('the folder may be tidied away while the program runs', async () => {
  await using room = await openMedia()
  await rm(join(room.folder, 'temporary'), { recursive: true })
  const file = await room.send(makePdf(), 'pdf')
  expect(file.bytes).toBe(makePdf().length)
  expect((await stat(join(room.folder, 'temporary'))).mode & 0o777).toBe(0o700)
})

test('that the disk takes no file is not said of the web server or the caller', async () => {
  await using server = await startWebServer((_request, response) => response.end(makePdf()))
  await using room = await openMedia({ 'media.trustedHosts': 'localhost' })
  const folder = join(room.folder, 'temporary')
  await rm(folder, { recursive: true })
  await writeFile(folder, '')
  const url = `${server.origin}/1.pdf`
  const fetching = room.media.fetch({ source: { url }, mediaType: 'pdf', fileName: null, voice: false })
  expect(await failureOf(fetching)).toMatchObject({
    code: 'storage_unavailable',
    message: expect.stringContaining('disk'),
  })
  expect((await failureOf(room.upload(makePdf()))).code).toBe('storage_unavailable')
})

test('an upload stays until its owner discards it, and its bytes are not copied', async () => {
  await using room = await openMedia()
  const upload = await room.upload(makePdf(), 'struk.pdf')
  const file = await room.media.fetch({ source: { upload }, mediaType: 'pdf', fileName: null, voice: false })
  expect(file.path).toBe(upload.path)
  expect(file.fileName).toBe('struk.pdf')
  await file.release()
  await file.release()
  expect(await room.left()).toHaveLength(1)
  await room.media.discardUpload(upload)
  await room.media.discardUpload(upload)
  expect(await room.left()).toEqual([])
  const failure = await failureOf(
    room.media.fetch({ source: { upload }, mediaType: 'pdf', fileName: null, voice: false }),
  )
  expect(failure.message).toContain('no longer there')
})

test('a path outside of the folder is neither read nor removed, whoever names it', async () => {
  await using room = await openMedia()
  const outside = join(room.folder, 'kurir.sqlite')
  await writeFile(outside, 'precious')
  for (const path of [
    outside,
    join(room.folder, 'temporary', '..', 'kurir.sqlite'),
    `${room.folder}/temporary/../kurir.sqlite`,
  ]) {
    const upload = { path, bytes: 8, sha256: '', fileName: null, mimeType: null }
    await expect(
      room.media.fetch({ source: { upload }, mediaType: 'document', fileName: null, voice: false }),
    ).rejects.toThrow('outside')
    await room.media.discardUpload(upload)
  }
  expect(await readdir(room.folder)).toContain('kurir.sqlite')
})

test('no more than so many pieces of work run at once, and those who give up leave the line', async () => {
  const limiter = new Limiter(2)
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<number>())
  const begun: number[] = []
  const giveUp = new AbortController()
  const work = gates.map((gate, index) =>
    limiter.run(
      () => {
        begun.push(index)
        return gate.promise
      },
      index === 2 ? giveUp.signal : undefined,
    ),
  )
  await Promise.resolve()
  expect(begun).toEqual([0, 1])
  giveUp.abort(new Error('gave up'))
  await expect(work[2]).rejects.toThrow('gave up')
  gates[0]?.resolve(0)
  await work[0]
  await new Promise(setImmediate)
  expect(begun).toEqual([0, 1, 3])
  gates[1]?.resolve(1)
  gates[3]?.resolve(3)
  expect(await Promise.all([work[1], work[3]])).toEqual([1, 3])
})
