import { describe, expect, test } from 'vitest'
import { fileNameFor, type NameSources } from '../../src-main/media/files/file-name.ts'
import { nothingKnown, sniffed, type Format, type Sniffed } from '../../src-main/media/content/formats.ts'

const none: NameSources = { wanted: null, contentDisposition: null, uploaded: null, url: null }

function name(sources: Partial<NameSources>, content: Format | Sniffed = 'pdf'): string {
  return fileNameFor({ ...none, ...sources }, typeof content === 'string' ? sniffed(content) : content)
}

describe('a file is named', () => {
  const url = new URL('https://shop.example/receipts/from-url.pdf?token=x#y')
  const contentDisposition = 'attachment; filename="from-header.pdf"'

  test('after the caller’s wish before all else', () => {
    expect(name({ wanted: 'Nota 7.pdf', contentDisposition, url, uploaded: 'u.pdf' })).toBe('Nota 7.pdf')
  })
  test('after Content-Disposition before the url', () => {
    expect(name({ contentDisposition, url })).toBe('from-header.pdf')
  })
  test('after the url’s last segment, without its query', () => expect(name({ url })).toBe('from-url.pdf'))
  test('after an upload’s own name', () =>
    expect(name({ uploaded: 'C:\\fakepath\\nota.pdf' })).toBe('nota.pdf'))
  test('"file" where nothing names it', () => {
    expect(name({})).toBe('file.pdf')
    expect(name({ url: new URL('https://shop.example/') })).toBe('file.pdf')
    expect(name({}, nothingKnown)).toBe('file')
  })
})

describe('Content-Disposition', () => {
  test.each([
    ['attachment; filename=receipt.pdf', 'receipt.pdf'],
    ['attachment; filename="a \\"quoted\\" name.pdf"', 'a _quoted_ name.pdf'],
    [`attachment; filename*=UTF-8''nota%20%E2%82%AC%207.pdf`, 'nota € 7.pdf'],
    [`attachment; filename="plain.pdf"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf`, 'résumé.pdf'],
    [`attachment; filename*=iso-8859-1''caf%E9.pdf`, 'café.pdf'],
    [`inline; filename="${Buffer.from('日本.pdf').toString('latin1')}"`, '日本.pdf'],
    ['attachment; filename="../../etc/passwd"', 'passwd.pdf'],
    ['attachment; filename="C:\\\\temp\\\\evil.exe"', 'evil.exe.pdf'],
    ['attachment', 'file.pdf'],
    ['attachment; filename=', 'file.pdf'],
    ['attachment; filename="=?UTF-8?B?Tm90YSDDqS5wZGY=?="', 'Nota é.pdf'],
    ['attachment; filename="=?UTF-8?Q?Nota_?= =?UTF-8?Q?=C3=A9.pdf?="', 'Nota é.pdf'],
    ['attachment; filename="=?ISO-8859-1?Q?Nota_=E9.pdf?="', 'Nota é.pdf'],
    ['attachment; filename="Nota "Sari".pdf"', 'Nota _Sari_.pdf'],
    ["attachment; filename='nota b.pdf'", 'nota b.pdf'],
    ['filename=Nota-Mei.pdf', 'Nota-Mei.pdf'],
    ['attachment, filename=Nota.pdf', 'Nota.pdf'],
    ['attachment: filename="Nota.pdf"', 'Nota.pdf'],
    ['attachment;filename=Nota Mei.pdf;', 'Nota Mei.pdf'],
    ['attachment; filename = "Nota.pdf" ; size=3', 'Nota.pdf'],
    ['attachment; FileName="Nota.pdf"', 'Nota.pdf'],
    ['attachment; filename="Nota%20Mei%20%C3%A9.pdf"', 'Nota Mei é.pdf'],
    ['attachment; filename="Diskon 75%20.pdf"', 'Diskon 75%20.pdf'],
    ['attachment; filename="Diskon 75%.pdf"', 'Diskon 75%.pdf'],
    ["attachment; filename*=UTF-8''Diskon%2075%25.pdf", 'Diskon 75%.pdf'],
    ["attachment; filename*=UTF-8''Diskon%2075%; filename=Diskon.pdf", 'Diskon.pdf'],
    [`attachment; filename="caf\u00e9.pdf"`, 'café.pdf'],
    [`attachment; filename*0*=UTF-8''Nota%20; filename*1="Mei.pdf"`, 'Nota Mei.pdf'],
    [`attachment; filename="Nota.pdf"; filename*=UTF-8''`, 'Nota.pdf'],
    ['attachment; filename=No. 12/INV/2026.pdf', 'No. 12-INV-2026.pdf'],
    ['attachment; filename="No. 12/INV/2026"', 'No. 12-INV-2026.pdf'],
    [`attachment; filename*=UTF-8''No.%2012%2FINV%2F2026.pdf`, 'No. 12-INV-2026.pdf'],
    ['attachment; filename="No.%2012%2FINV%2F2026.pdf"', 'No. 12-INV-2026.pdf'],
    ['attachment; filename="/srv/www/storage/nota.pdf"', 'nota.pdf'],
    [';;;', 'file.pdf'],
    ['\u0000', 'file.pdf'],
  ])('%j names %j', (contentDisposition, expected) => expect(name({ contentDisposition })).toBe(expected))
})

describe('the url’s segment', () => {
  test.each([
    ['https://x/a%20b.pdf', 'a b.pdf'],
    ['https://x/100%25.pdf', '100%.pdf'],
    ['https://x/100%.pdf', '100%.pdf'],
    ['https://x/Diskon%2075%.pdf', 'Diskon 75%.pdf'],
    ['https://x/caf%E9.pdf', 'café.pdf'],
    ['https://x/%zz%20a.pdf', '%zz a.pdf'],
    ['https://x/%E2%82%AC.pdf', '€.pdf'],
    ['https://x/a%2F..%2Fb.pdf', 'b.pdf'],
    ['https://x/..%5C..%5Cb.pdf', 'b.pdf'],
    ['https://x/o/uploads%2Fnota.pdf?alt=media', 'nota.pdf'],
    ['https://x/dir/', 'dir.pdf'],
    ['https://x/download.php?file=a.pdf', 'download.pdf'],
    ['https://x/invoice/12.500', '12.500.pdf'],
    ['https://x/%00.pdf', '_.pdf'],
  ])('%s names %s', (url, expected) => expect(name({ url: new URL(url) })).toBe(expected))
})

describe('the name of an upload', () => {
  test.each([
    ['uploads/2026/11/nota.pdf', 'nota.pdf'],
    ['nota/x.pdf', 'x.pdf'],
    ['/var/www/x.pdf', 'x.pdf'],
    ['No. 12/INV/2026.pdf', 'No. 12-INV-2026.pdf'],
    ['INV/2026/001.pdf', 'INV-2026-001.pdf'],
    ['12/INV.pdf', '12-INV.pdf'],
  ])('%j becomes %j', (uploaded, expected) => expect(name({ uploaded })).toBe(expected))
})

describe('a wish', () => {
  test.each([
    ['../../../x.pdf', 'x.pdf'],
    ['a/b\\c.pdf', 'c.pdf'],
    ['No. 12/INV/2026.pdf', 'No. 12-INV-2026.pdf'],
    ['No. 12/INV/2026', 'No. 12-INV-2026.pdf'],
    ['INV/2026/XI/001.pdf', 'INV-2026-XI-001.pdf'],
    ['Kwitansi a/n Budi.pdf', 'Kwitansi a-n Budi.pdf'],
    ['a/n Budi.pdf', 'a-n Budi.pdf'],
    ['1/2 kg.pdf', '1-2 kg.pdf'],
    ['INV//2026.pdf', 'INV-2026.pdf'],
    ['Laba / Rugi.pdf', 'Laba - Rugi.pdf'],
    ['Nota/', 'Nota.pdf'],
    ['Nota 12/.pdf', 'Nota 12-.pdf'],
    ['A/CON.pdf', 'A-CON.pdf'],
    ['C:\\fakepath\\x.pdf', 'x.pdf'],
    ['C:/Users/kasir/x.pdf', 'x.pdf'],
    ['C:/Users/../x.pdf', 'x.pdf'],
    ['\\\\nas\\nota\\x.pdf', 'x.pdf'],
    ['laporan\\x.pdf', 'x.pdf'],
    ['/home/kasir/x.pdf', 'x.pdf'],
    [' /home/kasir/x.pdf', 'x.pdf'],
    ['~/nota/x.pdf', 'x.pdf'],
    ['./nota/x.pdf', 'x.pdf'],
    ['../../x', 'x.pdf'],
    ['nota/../x.pdf', 'x.pdf'],
    ['nota/..', 'file.pdf'],
    ['file:///home/kasir/x.pdf', 'x.pdf'],
    ['https://toko.example/nota/x.pdf', 'x.pdf'],
    ['/', 'file.pdf'],
    ['CON.pdf', '_CON.pdf'],
    ['aux', '_aux.pdf'],
    ['LPT1.pdf', '_LPT1.pdf'],
    ['.htaccess', 'htaccess.pdf'],
    ['   ', 'file.pdf'],
    ['...', 'file.pdf'],
    ['a<b>c:d|e?f*g".pdf', 'a_b_c_d_e_f_g_.pdf'],
    ['line\r\nbreak.pdf', 'line_break.pdf'],
    ['tab\tname.pdf', 'tab_name.pdf'],
    ['fdp.\u202Eexe', 'fdp._exe.pdf'],
    ['zero\u200Bwidth.pdf', 'zero_width.pdf'],
    ['lone \uD800 surrogate.pdf', 'lone _ surrogate.pdf'],
    ['struk 🧾.pdf', 'struk 🧾.pdf'],
    ['Nota.PDF', 'Nota.PDF'],
    ['Nota', 'Nota.pdf'],
    ['Nota.docx', 'Nota.pdf'],
    ['Nota v1.2', 'Nota v1.2.pdf'],
    ['Nota 01.02.2026', 'Nota 01.02.2026.pdf'],
    ['name.pdf...', 'name.pdf'],
  ])('%j becomes %j', (wanted, expected) => expect(name({ wanted })).toBe(expected))

  test('of any length ends within bounds, its extension kept, and no character cut in two', () => {
    const long = name({ wanted: `${'🧾'.repeat(300)}.pdf` })
    expect(Array.from(long).length).toBeLessThanOrEqual(120)
    expect(long.endsWith('🧾.pdf')).toBe(true)
  })
})

test('a name of 200,000 points is read at once', () => {
  const before = process.threadCpuUsage()
  expect(name({ wanted: `a${'. '.repeat(100_000)}b` })).toMatch(/^a/)
  const { user } = process.threadCpuUsage(before)
  expect(user).toBeLessThan(1_000_000)
})

describe('the extension', () => {
  test.each<[string, Format, string]>([
    ['photo.jpeg', 'jpeg', 'photo.jpeg'],
    ['photo.png', 'jpeg', 'photo.jpg'],
    ['photo.webp', 'jpeg', 'photo.jpg'],
    ['note.mp3', 'opus', 'note.ogg'],
    ['list.csv', 'text', 'list.csv'],
    ['list', 'text', 'list.txt'],
    ['photo.jpg', 'text', 'photo.txt'],
    ['map.kmz', 'zip', 'map.kmz'],
    ['table.pdf', 'zip', 'table.zip'],
    ['page.html', 'html', 'page.html'],
  ])('of %s with the content %s gives %s', (wanted, format, expected) => {
    expect(name({ wanted }, format)).toBe(expected)
  })
  test('is left alone where the content says nothing', () => {
    expect(name({ wanted: 'backup.dat' }, nothingKnown)).toBe('backup.dat')
  })
})
