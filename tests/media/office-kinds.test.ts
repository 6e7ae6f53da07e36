import { describe, expect, test } from 'vitest'
import { makeCompoundFile, makeZip } from './files/office-files.ts'
import { failureOf, openMedia } from './files/open-media.ts'

const openXml = 'application/vnd.openxmlformats-officedocument'
const openDocument = 'application/vnd.oasis.opendocument'

/** An Open XML package whose main part has this type, as Office writes its list of parts. */
const packageOf = (mainType: string, part: string): Buffer =>
  makeZip({
    '[Content_Types].xml':
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' +
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>' +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      // An embedded workbook has the type of its file, which is no main part's.
      `<Default Extension="xlsx" ContentType="${openXml}.spreadsheetml.sheet"/>` +
      `<Override PartName="/${part}" ContentType="${mainType}"/></Types>`,
    '_rels/.rels': '<Relationships/>',
    [part]: '<main/>',
  })

const packages: [extension: string, mimeType: string, mainType: string, part: string][] = [
  ['xlsx', `${openXml}.spreadsheetml.sheet`, `${openXml}.spreadsheetml.sheet.main+xml`, 'xl/workbook.xml'],
  [
    'xlsm',
    'application/vnd.ms-excel.sheet.macroEnabled.12',
    'application/vnd.ms-excel.sheet.macroEnabled.main+xml',
    'xl/workbook.xml',
  ],
  [
    'xltx',
    `${openXml}.spreadsheetml.template`,
    `${openXml}.spreadsheetml.template.main+xml`,
    'xl/workbook.xml',
  ],
  [
    'xltm',
    'application/vnd.ms-excel.template.macroEnabled.12',
    'application/vnd.ms-excel.template.macroEnabled.main+xml',
    'xl/workbook.xml',
  ],
  [
    'xlam',
    'application/vnd.ms-excel.addin.macroEnabled.12',
    'application/vnd.ms-excel.addin.macroEnabled.main+xml',
    'xl/workbook.xml',
  ],
  [
    'xlsb',
    'application/vnd.ms-excel.sheet.binary.macroEnabled.12',
    'application/vnd.ms-excel.sheet.binary.macroEnabled.main',
    'xl/workbook.bin',
  ],
  [
    'docx',
    `${openXml}.wordprocessingml.document`,
    `${openXml}.wordprocessingml.document.main+xml`,
    'word/document.xml',
  ],
  [
    'docm',
    'application/vnd.ms-word.document.macroEnabled.12',
    'application/vnd.ms-word.document.macroEnabled.main+xml',
    'word/document.xml',
  ],
  [
    'dotx',
    `${openXml}.wordprocessingml.template`,
    `${openXml}.wordprocessingml.template.main+xml`,
    'word/document.xml',
  ],
  [
    'dotm',
    'application/vnd.ms-word.template.macroEnabled.12',
    'application/vnd.ms-word.template.macroEnabledTemplate.main+xml',
    'word/document.xml',
  ],
  [
    'pptx',
    `${openXml}.presentationml.presentation`,
    `${openXml}.presentationml.presentation.main+xml`,
    'ppt/presentation.xml',
  ],
  [
    'pptm',
    'application/vnd.ms-powerpoint.presentation.macroEnabled.12',
    'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml',
    'ppt/presentation.xml',
  ],
  [
    'ppsx',
    `${openXml}.presentationml.slideshow`,
    `${openXml}.presentationml.slideshow.main+xml`,
    'ppt/presentation.xml',
  ],
  [
    'potx',
    `${openXml}.presentationml.template`,
    `${openXml}.presentationml.template.main+xml`,
    'ppt/presentation.xml',
  ],
  [
    'vsdx',
    'application/vnd.ms-visio.drawing',
    'application/vnd.ms-visio.drawing.main+xml',
    'visio/document.xml',
  ],
]

const openDocuments: [extension: string, type: string][] = [
  ['odt', 'text'],
  ['ods', 'spreadsheet'],
  ['odp', 'presentation'],
  ['odg', 'graphics'],
  ['ott', 'text-template'],
  ['ots', 'spreadsheet-template'],
]

describe('an Open XML file is what its package says', () => {
  test.each(packages)('%s', async (extension, mimeType, mainType, part) => {
    await using room = await openMedia()
    const body = packageOf(mainType, part)
    for (const fileName of [
      `laporan.${extension}`,
      'laporan',
      'laporan.xlsx',
      'laporan.docx',
      'laporan.pptx',
    ]) {
      expect(await room.send(body, 'document', { fileName })).toMatchObject({
        kind: 'document',
        fileName: `laporan.${extension}`,
        mimeType,
        bytes: body.length,
      })
    }
  })

  test.each(packages.filter(([extension]) => extension !== 'xlsx' && extension !== 'docx'))(
    '%s is refused as xlsx and as docx, in words',
    async (extension, _mimeType, mainType, part) => {
      await using room = await openMedia()
      for (const type of ['xlsx', 'docx'] as const) {
        const failure = await failureOf(
          room.send(packageOf(mainType, part), type, { fileName: `laporan.${extension}` }),
        )
        expect(failure.code).toBe('media_mismatch')
        expect(failure.message).toContain('media_type=document')
      }
    },
  )

  test('macros are seen where the package says nothing of itself', async () => {
    await using room = await openMedia()
    const body = makeZip({ 'xl/workbook.xml': '<w/>', 'xl/vbaProject.bin': 'x' })
    expect((await room.send(body, 'document', { fileName: 'a.xlsx' })).fileName).toBe('a.xlsm')
  })

  test('a list of parts that is a bomb says nothing, and harms nothing', async () => {
    await using room = await openMedia()
    const body = makeZip({
      '[Content_Types].xml': Buffer.alloc(60_000_000, 0x20),
      'word/document.xml': '<d/>',
    })
    expect((await room.send(body, 'docx', { fileName: 'a' })).fileName).toBe('a.docx')
  })
})

describe('an OpenDocument file is what its package says', () => {
  test.each(openDocuments)('%s', async (extension, type) => {
    await using room = await openMedia()
    const mimeType = `${openDocument}.${type}`
    const manifest = `<manifest:manifest><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${mimeType}"/></manifest:manifest>`
    for (const body of [
      makeZip({ mimetype: mimeType, 'META-INF/manifest.xml': manifest }),
      makeZip({ 'content.xml': '<c/>', 'META-INF/manifest.xml': manifest }),
    ]) {
      for (const fileName of [`tabel.${extension}`, 'tabel', 'tabel.docx']) {
        expect(await room.send(body, 'document', { fileName })).toMatchObject({
          fileName: `tabel.${extension}`,
          mimeType,
        })
      }
    }
  })
})

describe('a password-protected Office file', () => {
  const body = makeCompoundFile('EncryptedPackage')
  test.each([
    ['laporan.xlsm', 'application/vnd.ms-excel.sheet.macroEnabled.12'],
    ['laporan.xlsb', 'application/vnd.ms-excel.sheet.binary.macroEnabled.12'],
    ['laporan.docm', 'application/vnd.ms-word.document.macroEnabled.12'],
    ['laporan.pptx', `${openXml}.presentationml.presentation`],
    ['laporan', 'application/octet-stream'],
  ])('keeps its name %s', async (fileName, mimeType) => {
    await using room = await openMedia()
    expect(await room.send(body, 'document', { fileName })).toMatchObject({ fileName, mimeType })
  })

  test.each([
    ['xlsx', 'laporan.xlsm', 'laporan.xlsm'],
    ['xlsx', 'laporan', 'laporan.xlsx'],
    ['docx', 'surat.xlsx', 'surat.docx'],
  ] as const)('as %s is named %s: %s', async (type, fileName, expected) => {
    await using room = await openMedia()
    expect((await room.send(body, type, { fileName })).fileName).toBe(expected)
  })
})

describe('an OLE file', () => {
  test.each([
    ['PowerPoint Document', 'rapat.ppt', 'rapat.ppt', 'application/vnd.ms-powerpoint'],
    ['PowerPoint Document', 'rapat', 'rapat.ppt', 'application/vnd.ms-powerpoint'],
    ['__properties_version1.0', 'surat.msg', 'surat.msg', 'application/vnd.ms-outlook'],
    ['Workbook', 'contoh.xlt', 'contoh.xlt', 'application/vnd.ms-excel'],
    ['WordDocument', 'contoh.dot', 'contoh.dot', 'application/msword'],
    ['VisioDocument', 'denah.vsd', 'denah.vsd', 'application/vnd.visio'],
  ])('with a stream %s, sent as %s, is %s', async (stream, fileName, expected, mimeType) => {
    await using room = await openMedia()
    expect(await room.send(makeCompoundFile(stream), 'document', { fileName })).toMatchObject({
      fileName: expected,
      mimeType,
    })
  })

  test('in which a workbook is embedded is what holds it', async () => {
    await using room = await openMedia()
    const body = makeCompoundFile('WordDocument', { embedded: 'Workbook' })
    expect(await room.send(body, 'doc', { fileName: 'surat' })).toMatchObject({ fileName: 'surat.doc' })
  })
})

test('a small archive in the large form of zip is read', async () => {
  await using room = await openMedia()
  const body = packageOf('application/vnd.ms-excel.sheet.macroEnabled.main+xml', 'xl/workbook.xml')
  const end = body.length - 22
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06_06_4b_50)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(body.readUInt32LE(end + 12)), 40)
  record.writeBigUInt64LE(BigInt(body.readUInt32LE(end + 16)), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07_06_4b_50)
  locator.writeBigUInt64LE(BigInt(end), 8)
  const last = Buffer.from(body.subarray(end))
  last.fill(0xff, 12, 20)
  const large = Buffer.concat([body.subarray(0, end), record, locator, last])
  expect((await room.send(large, 'document', { fileName: 'a' })).fileName).toBe('a.xlsm')
})

describe('a rich text', () => {
  const body = Buffer.from('{\\rtf1\\ansi Halo \\b toko\\b0}')
  test.each([
    ['doc', 'surat.doc', 'surat.doc', 'application/msword'],
    ['doc', 'surat', 'surat.doc', 'application/msword'],
    ['doc', 'surat.rtf', 'surat.rtf', 'application/rtf'],
    ['document', 'surat.doc', 'surat.doc', 'application/msword'],
    ['document', 'surat', 'surat.rtf', 'application/rtf'],
    ['document', 'surat.docx', 'surat.rtf', 'application/rtf'],
  ] as const)('as %s under the name %s is %s', async (type, fileName, expected, mimeType) => {
    await using room = await openMedia()
    expect(await room.send(body, type, { fileName })).toMatchObject({ fileName: expected, mimeType })
  })
})
