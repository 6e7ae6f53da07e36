import { describe, expect, test } from 'vitest'
import sharp from 'sharp'
import type { MediaType } from '../../src-main/media/files/media-file.ts'
import { makeCompoundFile, makeDocx, makePdf, makeXlsx, makeZip } from './files/office-files.ts'
import { makeMp4 } from './files/mp4-file.ts'
import { failureOf, openMedia } from './files/open-media.ts'

const handlerContext = 'application/vnd.openxmlformats-officedocument'
const samples: Record<string, Buffer> = {
  pdf: makePdf(),
  xls: makeCompoundFile('Workbook'),
  doc: makeCompoundFile('WordDocument'),
  xlsx: makeXlsx(),
  docx: makeDocx(),
  zip: makeZip({ 'receipts/1.txt': 'a receipt' }),
}
const mimeTypes: Record<string, string> = {
  pdf: 'application/pdf',
  xls: 'application/vnd.ms-excel',
  doc: 'application/msword',
  xlsx: `${handlerContext}.spreadsheetml.sheet`,
  docx: `${handlerContext}.wordprocessingml.document`,
  zip: 'application/zip',
}
const types = Object.keys(samples) as MediaType[]

describe.each(types)('media_type %s', (type) => {
  test('takes its own kind', async () => {
    await using room = await openMedia()
    const body = samples[type] ?? Buffer.alloc(0)
    expect(await room.send(body, type, { fileName: 'Laporan' })).toMatchObject({
      kind: 'document',
      mimeType: mimeTypes[type],
      fileName: `Laporan.${type}`,
      bytes: body.length,
      notes: [],
    })
  })

  test.each(types.filter((other) => other !== type))(
    'refuses %s and names the right media_type',
    async (other) => {
      await using room = await openMedia()
      const failure = await failureOf(room.send(samples[other] ?? Buffer.alloc(0), type))
      expect(failure.code).toBe('media_mismatch')
      expect(failure.message).toContain(`media_type=${other}.`)
    },
  )

  test('refuses texts, pictures and noise', async () => {
    await using room = await openMedia()
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    for (const body of [
      Buffer.from('just a text'),
      png,
      Buffer.from([1, 2, 3, 0, 255]),
      Buffer.from('{"error":"no"}'),
    ]) {
      const failure = await failureOf(room.send(body, type))
      expect(failure.code).toBe('media_mismatch')
    }
  })
})

test.each<[string, Buffer, MediaType, string]>([
  [
    'a PDF behind a line of something else',
    Buffer.concat([Buffer.from('\r\n\r\n'), makePdf()]),
    'pdf',
    'application/pdf',
  ],
  ['an archive of nothing', makeZip({}), 'zip', 'application/zip'],
  ['an Excel file of the nineties', makeCompoundFile('Book'), 'xls', 'application/vnd.ms-excel'],
  [
    'a password-protected xlsx',
    makeCompoundFile('EncryptedPackage'),
    'xlsx',
    `${handlerContext}.spreadsheetml.sheet`,
  ],
  [
    'a password-protected docx',
    makeCompoundFile('EncryptedPackage'),
    'docx',
    `${handlerContext}.wordprocessingml.document`,
  ],
])('%s is what it is', async (_what, body, type, mimeType) => {
  await using room = await openMedia()
  expect(await room.send(body, type)).toMatchObject({ kind: 'document', mimeType, fileName: `file.${type}` })
})

test.each<[string, Buffer, MediaType, string]>([
  ['an installer in the container of xls', makeCompoundFile('Property'), 'xls', 'media_mismatch'],
  ['a PowerPoint file', makeZip({ 'ppt/presentation.xml': '<p/>' }), 'zip', 'media_mismatch'],
  ['an app', makeZip({ 'AndroidManifest.xml': 'x' }), 'zip', 'media_mismatch'],
  ['an archive cut short', makeXlsx().subarray(0, 150), 'xlsx', 'media_unreadable'],
  ['a table that is only HTML', Buffer.from('<table><tr><td>1</td></tr></table>'), 'xls', 'media_mismatch'],
  [
    'an image that is a program',
    Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]),
    'image',
    'media_mismatch',
  ],
  [
    'a video that is a picture',
    Buffer.from('GIF89a\u0001\0\u0001\0\0\0\0;', 'latin1'),
    'video',
    'media_mismatch',
  ],
  ['a sound that is a video', makeMp4(), 'audio', 'media_mismatch'],
  ['a video that is only a sound', makeMp4({ video: null, audio: true }), 'video', 'media_mismatch'],
])('%s is refused', async (_what, body, type, code) => {
  await using room = await openMedia()
  expect((await failureOf(room.send(body, type))).code).toBe(code)
})

describe('media_type document', () => {
  test.each<[string, Buffer, string, string]>([
    ['a PDF', makePdf(), 'a.pdf', 'application/pdf'],
    ['a table as text', Buffer.from('a;b\n1;2\n'), 'a.csv', 'text/csv'],
    ['JSON', Buffer.from('{"a":1}'), 'a.json', 'application/json'],
    ['a page, meant', Buffer.from('<html></html>'), 'a.html', 'text/html'],
    ['bytes that say nothing', Buffer.from([0, 1, 2, 255]), 'a.dat', 'application/octet-stream'],
    ['a video', makeMp4(), 'a.mp4', 'video/mp4'],
    [
      'a PowerPoint file',
      makeZip({ 'ppt/presentation.xml': '<p/>' }),
      'a.pptx',
      `${handlerContext}.presentationml.presentation`,
    ],
  ])('takes %s', async (_what, body, fileName, mimeType) => {
    await using room = await openMedia()
    expect(await room.send(body, 'document', { fileName })).toMatchObject({
      kind: 'document',
      fileName,
      mimeType,
      thumbnail: null,
    })
  })
})

describe('a video', () => {
  test('comes with its length, its size and always a thumbnail', async () => {
    await using room = await openMedia()
    const body = makeMp4({ seconds: 12.6, video: { width: 1280, height: 720 }, audio: true })
    const file = await room.send(body, 'video', { fileName: 'promo' })
    expect(file).toMatchObject({
      kind: 'video',
      mimeType: 'video/mp4',
      fileName: 'promo.mp4',
      seconds: 13,
      width: 1280,
      height: 720,
      bytes: body.length,
    })
    expect(await sharp(file.thumbnail ?? new Uint8Array()).metadata()).toMatchObject({
      format: 'jpeg',
      width: 96,
      height: 54,
    })
  })

  test.each([
    [
      'filmed upright',
      makeMp4({ video: { width: 640, height: 360, turned: true } }),
      { width: 360, height: 640 },
    ],
    ['with its index last', makeMp4({ indexLast: true }), { seconds: 7, width: 640 }],
    ['in fragments', makeMp4({ fragmented: true, seconds: 9 }), { seconds: 9 }],
    ['shorter than half a second', makeMp4({ seconds: 0.2 }), { seconds: 1 }],
    ['of a brand of its own', makeMp4({ brand: 'mp42' }), { mimeType: 'video/mp4' }],
    ['in 3GP', makeMp4({ brand: '3gp5' }), { mimeType: 'video/3gpp', fileName: 'file.3gp' }],
    ['in H.265', makeMp4({ video: { width: 640, height: 360, codec: 'hvc1' } }), { kind: 'video' }],
  ])('%s is a video', async (_what, body, expected) => {
    await using room = await openMedia()
    expect(await room.send(body, 'video')).toMatchObject({ kind: 'video', ...expected })
  })

  test.each([
    ['in QuickTime’s container', makeMp4({ brand: 'qt  ' }), 'video/quicktime'],
    [
      'in a codec that phones do not play',
      makeMp4({ video: { width: 64, height: 36, codec: 'av01' } }),
      'video/mp4',
    ],
    [
      'in Matroska’s container',
      Buffer.from('1a45dfa3934282886d6174726f736b6142878104', 'hex'),
      'video/x-matroska',
    ],
    ['in WebM’s container', Buffer.from('1a45dfa3904282847765626d42878104428581020000', 'hex'), 'video/webm'],
    [
      'in AVI’s container',
      Buffer.concat([Buffer.from('RIFF\u0010\0\0\0AVI LIST', 'latin1'), Buffer.alloc(40)]),
      'video/x-msvideo',
    ],
  ])('%s is sent as a document, and the answer says so', async (_what, body, mimeType) => {
    await using room = await openMedia()
    const file = await room.send(body, 'video')
    expect(file).toMatchObject({ kind: 'document', mimeType })
    expect(file.notes[0]).toContain('Sent as a document')
  })

  test.each([
    ['cut short', makeMp4().subarray(0, -500)],
    [
      'without an index',
      Buffer.concat([makeMp4().subarray(0, 24), Buffer.from('0000000c6d64617400000000', 'hex')]),
    ],
  ])('%s is refused', async (_what, body) => {
    await using room = await openMedia()
    expect((await failureOf(room.send(body, 'video'))).code).toBe('media_unreadable')
  })
})
