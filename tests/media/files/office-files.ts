import { deflateRawSync, crc32 } from 'node:zlib'

/** A zip archive of the given entries, written by hand (PKWARE APPNOTE). */
export function makeZip(entries: Record<string, string | Uint8Array>): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(entries)) {
    const data = Buffer.from(content)
    const packed = deflateRawSync(data)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt32LE(crc32(data), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(data.length, 18)
    shared.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0'), shared, place, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(central.length, 8)
  end.writeUInt16LE(central.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

const types =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'

export const makeXlsx = (): Buffer =>
  makeZip({
    '[Content_Types].xml': types,
    'xl/workbook.xml': '<workbook/>',
    'xl/worksheets/sheet1.xml': '<worksheet/>',
  })

export const makeDocx = (): Buffer =>
  makeZip({ '[Content_Types].xml': types, 'word/document.xml': '<document/>' })

/**
 * An OLE compound file (MS-CFB) of one stream: enough for a reader that looks at the directory. A stream that is
 * `embedded` comes first, in a storage of its own.
 */
export function makeCompoundFile(stream: string, { embedded }: { embedded?: string } = {}): Buffer {
  const header = Buffer.alloc(512)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(0x3e, 24)
  header.writeUInt16LE(3, 26)
  header.writeUInt16LE(0xfffe, 28)
  header.writeUInt16LE(9, 30)
  header.writeUInt16LE(6, 32)
  header.writeUInt32LE(1, 44)
  header.writeUInt32LE(1, 48)
  header.writeUInt32LE(4_096, 56)
  header.fill(0xff, 76)
  header.writeUInt32LE(0, 76)
  const table = Buffer.alloc(512, 0xff)
  table.writeUInt32LE(0xfffffffd, 0)
  table.writeUInt32LE(2, 4)
  table.writeUInt32LE(0xfffffffe, 8)
  // The stream's entry is in the directory's second sector: a reader must follow the chain.
  const names = ['Root Entry', '\u0005SummaryInformation', '\u0001CompObj', '1Table', stream]
  const directory = Buffer.alloc(1_024)
  names.forEach((name, index) => {
    directory.write(name, index * 128, 'utf16le')
    directory.writeUInt16LE((name.length + 1) * 2, index * 128 + 64)
  })
  if (embedded !== undefined) embed(directory, embedded)
  return Buffer.concat([header, table, directory, Buffer.alloc(512)])
}

/** Makes the third entry a storage that holds the fourth, the embedded stream; the fifth stays in the root. */
function embed(directory: Buffer, stream: string): void {
  const none = 0xff_ff_ff_ff
  const links = [
    [none, none, 2],
    [none, none, none],
    [none, 4, 3],
    [none, none, none],
    [none, none, none],
  ]
  links.forEach((numbers, entry) =>
    numbers.forEach((number, at) => directory.writeUInt32LE(number, entry * 128 + 68 + at * 4)),
  )
  directory.fill(0, 3 * 128, 3 * 128 + 64)
  directory.write(stream, 3 * 128, 'utf16le')
  directory.writeUInt16LE((stream.length + 1) * 2, 3 * 128 + 64)
}

export function makePdf(): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = text.length
    text += `${index + 1} 0 obj${object}endobj\n`
    return at
  })
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(
    `${text}xref\n0 4\n0000000000 65535 f \n${table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF`,
  )
}
