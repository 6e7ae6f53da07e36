import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { MediaType } from '../../src-main/media/files/media-file.ts'
import { makePdf } from './files/office-files.ts'
import { failureOf, openMedia } from './files/open-media.ts'
import { startWebServer } from './files/web-server.ts'

const table = '<table><tr><td>Kopi</td><td>12.500</td></tr></table>'
const officePage = `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body>${table}</body></html>`
const spreadsheetXml =
  '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
const csv = 'kode;nama;harga\r\n001;Kopi;12.500\r\n'
const mail =
  'From: toko@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<html>Halo</html>\r\n'
const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Sari\r\nEND:VCARD\r\n'
const calendar = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n'

describe('a text is what its name says, byte for byte', () => {
  test.each([
    ['laporan.xls', officePage, 'application/vnd.ms-excel'],
    ['laporan.xls', table, 'application/vnd.ms-excel'],
    ['laporan.xls', spreadsheetXml, 'application/vnd.ms-excel'],
    ['laporan.xls', csv, 'application/vnd.ms-excel'],
    ['surat.doc', officePage, 'application/msword'],
    ['surat.doc', 'MIME-Version: 1.0\nContent-Type: multipart/related\n', 'application/msword'],
    ['data.csv', csv, 'text/csv'],
    ['data.tsv', 'a\tb\n', 'text/tab-separated-values'],
    ['data.xml', '<?xml version="1.0"?><a/>', 'application/xml'],
    ['pesan.eml', mail, 'message/rfc822'],
    ['sari.vcf', card, 'text/vcard'],
    ['rapat.ics', calendar, 'text/calendar'],
    ['data.json', '{"a":1}', 'application/json'],
    ['data.txt', '{"a":1}', 'text/plain'],
    ['halaman.html', officePage, 'text/html'],
    ['halaman.txt', officePage, 'text/plain'],
    ['arsip.mht', mail, 'multipart/related'],
    ['catatan.md', '# Halo', 'text/markdown'],
    ['rute.gpx', '<?xml version="1.0"?><gpx></gpx>', 'application/gpx+xml'],
    ['logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['catatan.txt', 'Halo <html> dunia', 'text/plain'],
    ['catatan.txt', 'BM 3 karung, MZ 2 dus', 'text/plain'],
    ['catatan.txt', 'II*\n catatan dengan tanda', 'text/plain'],
    ['catatan.txt', 'Rincian:\u000b a \u001b@ b \u001a', 'text/plain'],
    ['DATA.CSV', csv, 'text/csv'],
    ['data.kas', 'a b c', 'text/plain'],
    ['peta.geojson', '{"type":"Feature"}', 'application/geo+json'],
  ])('%s: %j', async (fileName, content, mimeType) => {
    await using room = await openMedia()
    const body = Buffer.from(content)
    const file = await room.send(body, 'document', { fileName })
    expect(file).toMatchObject({ kind: 'document', fileName, mimeType, notes: [] })
    expect(body.equals(await readFile(file.path))).toBe(true)
  })

  test.each([
    ['catatan', 'Halo', 'catatan.txt'],
    ['sari', card, 'sari.vcf'],
    ['rapat', calendar, 'rapat.ics'],
    ['data', '<?xml version="1.0"?><a/>', 'data.xml'],
    ['data', '<faktur><no>1</no></faktur>', 'data.xml'],
    ['data', '[1]', 'data.json'],
    ['halaman', '\ufeff<!DOCTYPE html>\n<title>x</title>', 'halaman.html'],
  ])('and %s without an extension is what it looks like: %j', async (fileName, content, expected) => {
    await using room = await openMedia()
    expect((await room.send(Buffer.from(content), 'document', { fileName })).fileName).toBe(expected)
  })

  test('in an encoding that is not recognised as text', async () => {
    await using room = await openMedia()
    const body = Buffer.from(csv, 'utf16le')
    expect(await room.send(body, 'document', { fileName: 'data.csv' })).toMatchObject({
      fileName: 'data.csv',
      mimeType: 'text/csv',
    })
  })

  test('but a workbook of the first Excels is one', async () => {
    await using room = await openMedia()
    const body = Buffer.concat([Buffer.from('0900040002001000', 'hex'), Buffer.from('0a000000', 'hex')])
    expect(await room.send(body, 'xls', { fileName: 'lama' })).toMatchObject({ fileName: 'lama.xls' })
  })
})

describe('media_type xls and doc take what Excel and Word open', () => {
  test.each<[MediaType, string, string, string]>([
    ['xls', 'laporan.xls', officePage, 'application/vnd.ms-excel'],
    ['xls', 'laporan.xls', table, 'application/vnd.ms-excel'],
    ['xls', 'laporan.xls', spreadsheetXml, 'application/vnd.ms-excel'],
    ['xls', 'laporan.xls', csv, 'application/vnd.ms-excel'],
    ['xls', 'laporan.csv', csv, 'text/csv'],
    ['doc', 'surat.doc', officePage, 'application/msword'],
    ['doc', 'surat.doc', spreadsheetXml, 'application/msword'],
  ])('%s: %s of %j', async (type, fileName, content, mimeType) => {
    await using room = await openMedia()
    expect(await room.send(Buffer.from(content), type, { fileName })).toMatchObject({ fileName, mimeType })
    expect(await room.send(Buffer.from(content), type, { uploadedAs: fileName })).toMatchObject({ fileName })
  })

  test.each<[MediaType, string, string]>([
    ['xls', 'laporan.xls', '{"error":"not found"}'],
    ['xlsx', 'laporan.xlsx', csv],
    ['docx', 'surat.docx', officePage],
    ['xls', 'surat.doc', officePage],
    ['pdf', 'nota.pdf', officePage],
  ])('and %s does not take %s of %j', async (type, fileName, content) => {
    await using room = await openMedia()
    expect((await failureOf(room.send(Buffer.from(content), type, { fileName }))).code).toBe('media_mismatch')
  })
})

describe('a page of a server', () => {
  const page = '<!DOCTYPE html><html><body>Masuk</body></html>'

  async function fetched(
    headers: Record<string, string>,
    body: string | Buffer,
    wish: { mediaType?: MediaType; fileName?: string; path?: string } = {},
  ) {
    await using server = await startWebServer((_request, response) =>
      response.writeHead(200, headers).end(body),
    )
    await using room = await openMedia({ 'media.trustedHosts': 'localhost' })
    const file = await room.media.fetch({
      source: { url: server.origin + (wish.path ?? '/unduh.php') },
      mediaType: wish.mediaType ?? 'document',
      fileName: wish.fileName ?? null,
      voice: false,
    })
    await file.release()
    return file
  }
  const htmlType = { 'content-type': 'text/html; charset=utf-8' }
  const attachment = (name: string) => ({
    ...htmlType,
    'content-disposition': `attachment; filename="${name}"`,
  })

  test.each<[string, Record<string, string>, string, Parameters<typeof fetched>[2], string]>([
    ['an attachment', attachment('laporan.xls'), officePage, { mediaType: 'xls' }, 'laporan.xls'],
    ['an attachment', attachment('laporan.xls'), page, {}, 'laporan.xls'],
    ['an attachment without an extension', attachment('laporan'), page, {}, 'laporan.html'],
    ['wanted under a name', htmlType, table, { mediaType: 'xls', fileName: 'laporan.xls' }, 'laporan.xls'],
    ['wanted as a page', htmlType, page, { fileName: 'halaman.html' }, 'halaman.html'],
    [
      'said to be Excel’s',
      { 'content-type': 'application/vnd.ms-excel' },
      table,
      { mediaType: 'xls' },
      'unduh.xls',
    ],
    [
      'said to be Excel’s by its address',
      { 'content-type': 'application/octet-stream' },
      table,
      { mediaType: 'xls', path: '/laporan.xls' },
      'laporan.xls',
    ],
    ['a text that speaks of pages', htmlType, 'Cara menulis <html>', { path: '/a.txt' }, 'a.txt'],
    ['a table that PHP calls a page', htmlType, csv, { path: '/a.csv' }, 'a.csv'],
    ['a table with its type', { 'content-type': 'text/csv' }, csv, {}, 'unduh.csv'],
  ])('is no page where it is %s', async (_what, headers, body, wish, fileName) => {
    expect((await fetched(headers, body, wish)).fileName).toBe(fileName)
  })

  test.each<[string, Record<string, string>, string, Parameters<typeof fetched>[2]]>([
    ['a login', htmlType, page, {}],
    ['a login without a type', {}, page, {}],
    ['a login under the name of a PDF', htmlType, page, { fileName: 'nota.pdf' }],
    ['a login under the name of a table', htmlType, page, { fileName: 'data.csv' }],
    ['a login as a PDF that is attached', attachment('nota.pdf'), page, {}],
    ['a login in the place of a workbook', htmlType, page, { mediaType: 'xls', path: '/laporan.xls' }],
    ['an error of PHP', htmlType, '<br />\n<b>Fatal error</b>', { mediaType: 'xlsx' }],
    ['a page for a picture', htmlType, page, { mediaType: 'image', fileName: 'a.html' }],
  ])('is refused: %s', async (_what, headers, body, wish) => {
    expect((await failureOf(fetched(headers, body, wish))).code).toBe('media_not_direct')
  })
})

describe('a PDF', () => {
  const pdf = makePdf()
  test.each([
    ['catatan.txt', 'Berkas PDF dimulai dengan %PDF- dan angka', 'text/plain'],
    ['pesan.eml', `${mail}\r\n%PDF- adalah tanda PDF`, 'message/rfc822'],
    ['catatan.txt', 'Tanda:\n%PDF-1.4 tanpa akhir', 'text/plain'],
  ])('is not a text that speaks of one: %s', async (fileName, content, mimeType) => {
    await using room = await openMedia()
    expect(await room.send(Buffer.from(content), 'document', { fileName })).toMatchObject({
      fileName,
      mimeType,
    })
  })

  test.each([
    ['as it is', pdf],
    ['behind line ends', Buffer.concat([Buffer.from('\r\n\r\n'), pdf])],
    ['behind a byte order mark', Buffer.concat([Buffer.from('\ufeff'), pdf])],
    ['behind a warning of PHP', Buffer.concat([Buffer.from('<br />\nWarning: x\n'), pdf])],
    ['with one byte again and again behind it', Buffer.concat([pdf, Buffer.alloc(200_000, '%')])],
    ['with zeros behind it', Buffer.concat([pdf, Buffer.alloc(50_000)])],
    ['with a page behind it', Buffer.concat([pdf, Buffer.from('<!-- 12 ms -->')])],
  ])('is one %s', async (_what, body) => {
    await using room = await openMedia()
    expect(await room.send(body, 'pdf', { fileName: 'nota' })).toMatchObject({ fileName: 'nota.pdf' })
  })

  test.each([0.3, 0.5, 0.9])(
    'cut after %d of it is refused as pdf, and goes out as a document',
    async (part) => {
      await using room = await openMedia()
      const content = Buffer.concat([pdf.subarray(0, 60), Buffer.alloc(6_000, '%'), pdf.subarray(60)])
      const cut = content.subarray(0, content.length * part)
      const failure = await failureOf(room.send(cut, 'pdf'))
      expect(failure.code).toBe('media_unreadable')
      expect(failure.message).toContain('cut short')
      expect(await room.send(cut, 'document', { fileName: 'nota.pdf' })).toMatchObject({
        fileName: 'nota.pdf',
      })
    },
  )
})
