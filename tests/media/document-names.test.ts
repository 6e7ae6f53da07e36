import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeZip } from './files/office-files.ts'
import { openMedia } from './files/open-media.ts'

const fixture = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, 'fixtures', name))
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF')
const sqlite = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4_000)])
const archive = makeZip({ 'Index/Document.iwa': 'x' })

/** A picture of equal lines, in which bytes that look like the header of an MPEG frame stand at equal distances. */
function equalLines(): Buffer {
  const lines = Array.from({ length: 12 }, () =>
    Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413, 3)]),
  )
  return Buffer.concat([Buffer.from('00000a00', 'hex'), Buffer.alloc(40, 5), ...lines, Buffer.alloc(500, 7)])
}

describe('a document keeps the name that it has, and is filed under its kind', () => {
  test.each<[string, Buffer, string]>([
    ['data.sqlite', sqlite, 'application/x-sqlite3'],
    ['data.sqlite3', sqlite, 'application/x-sqlite3'],
    ['toko.backup', Buffer.from('-- isi\nCREATE TABLE x;\n'), 'text/plain'],
    ['app.config', Buffer.from('<?xml version="1.0"?><configuration/>'), 'application/xml'],
    ['bagan.drawio', Buffer.from('<mxfile host="x"></mxfile>'), 'application/xml'],
    ['buku.ledger', Buffer.from('2026/11/30 Kas\n'), 'text/plain'],
    ['README.markdown', Buffer.from('# Baca\n'), 'text/plain'],
    ['stok.numbers', archive, 'application/vnd.apple.numbers'],
    ['surat.pages', archive, 'application/vnd.apple.pages'],
    ['desain.cdr', archive, 'application/vnd.corel-draw'],
    ['lokasi.kmz', makeZip({ 'doc.kml': '<kml/>' }), 'application/vnd.google-earth.kmz'],
    ['lama.stc', archive, 'application/vnd.sun.xml.calc.template'],
    ['logo.ai', pdf, 'application/pdf'],
    ['gambar.tga', equalLines(), 'application/octet-stream'],
    [
      'mesin.raw',
      Buffer.concat([Buffer.from('fff15080', 'hex'), Buffer.alloc(3_000, 1)]),
      'application/octet-stream',
    ],
  ])('%s', async (uploadedAs, body, mimeType) => {
    await using room = await openMedia()
    expect(await room.send(body, 'document', { uploadedAs })).toMatchObject({
      fileName: uploadedAs,
      mimeType,
    })
  })

  test.each(['rekaman.mov', 'rekaman.3gp', 'rekaman.mp4'])('a sound called %s', async (uploadedAs) => {
    await using room = await openMedia()
    const file = await room.send(await fixture('voice.m4a'), 'document', { uploadedAs })
    expect(file).toMatchObject({ fileName: uploadedAs, mimeType: 'audio/mp4' })
  })

  test.each([
    ['surat.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['makro.xlsm', 'application/vnd.ms-excel.sheet.macroEnabled.12'],
    ['tabel.ods', 'application/vnd.oasis.opendocument.spreadsheet'],
  ])('%s that was cut short, which is said', async (uploadedAs, mimeType) => {
    await using room = await openMedia()
    const body = makeZip({ 'word/document.xml': 'x' }).subarray(0, -10)
    expect(await room.send(body, 'document', { uploadedAs })).toMatchObject({
      fileName: uploadedAs,
      mimeType,
      notes: [expect.stringContaining('cut short')],
    })
  })
})

test('an MP4 that calls itself M4V is a video', async () => {
  await using room = await openMedia()
  const body = await fixture('yuv444.mp4')
  const renamed = Buffer.concat([body.subarray(0, 8), Buffer.from('M4V '), body.subarray(12)])
  expect(await room.send(renamed, 'video', { uploadedAs: 'film.m4v' })).toMatchObject({
    kind: 'video',
    mimeType: 'video/mp4',
  })
})
