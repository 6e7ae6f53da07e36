import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { crc32, inflateRawSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import type { Message, MessageFilter } from '../../src-preload/contract.ts'
import {
  csvCell,
  exportMessages,
  groupedRecipient,
  type ExportFormat,
} from '../../src-main/ipc/export/export-messages.ts'
import { recipientEntries } from '../../src-main/lib/phone-numbers/recipient-list.ts'
import { XlsxWriter } from '../../src-main/ipc/export/xlsx-writer.ts'
import { freePortAfter, listeningInodes, portHolder } from '../../src-main/ipc/port-holder.ts'

describe('a taken port', () => {
  test.runIf(process.platform === 'linux')('is traced to the program that has it', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    // This very process.
    expect(await portHolder(port)).toBe(basename(process.execPath))
    server.close()
    await once(server, 'close')
    expect(await portHolder(port)).toBeNull()
  })

  test('has another offered that is free', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    expect(await freePortAfter(port)).toBeGreaterThan(port)
    expect(await freePortAfter(port - 1)).not.toBe(port)
    server.close()
  })

  test('is found in the kernel’s table by its number in hex, listening only', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:0C8A 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1',
      '   1: 0100007F:0C8A 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1',
      '   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4713 1',
    ].join('\n')
    expect(listeningInodes(table, 3210)).toEqual(['4711'])
  })
})

test('recipients are separated in any usual way', () => {
  expect(recipientEntries(' 0812-1 | 62812 2,\n+62 812 3;120363@g.us\r\n\n')).toEqual([
    '0812-1',
    '62812 2',
    '+62 812 3',
    '120363@g.us',
  ])
})

describe('an export of the log', () => {
  const filter: MessageFilter = {
    search: null,
    deviceId: null,
    states: null,
    keyName: null,
    from: null,
    to: null,
  }
  const message = (sequence: number, text: string): Message => ({
    id: `M${sequence}`,
    sequence,
    requestId: 'r',
    deviceId: 'd1',
    recipient: '6281234567890',
    kind: 'text',
    text,
    fileName: null,
    state: 'read',
    failure: null,
    progress: null,
    via: 'api',
    keyName: 'POS',
    createdAt: 0,
    changedAt: 1_000,
  })

  async function exported(format: 'csv' | 'json', count: number): Promise<string> {
    return (
      await exportedFile(
        format,
        Array.from({ length: count }, (_, index) => `teks "${count - index}"`),
      )
    ).toString()
  }

  async function exportedFile(format: ExportFormat, texts: string[]): Promise<Buffer> {
    const count = texts.length
    const file = join(mkdtempSync(join(tmpdir(), 'kurir-export-')), 'log')
    const all = texts.map((text, index) => message(count - index, text))
    await exportMessages({
      file,
      filter,
      format,
      readPage: (_, before, limit) =>
        all.filter(({ sequence }) => before === null || sequence < before).slice(0, limit),
      deviceName: () => 'Kasir',
      signal: new AbortController().signal,
      progress: () => undefined,
    })
    return readFileSync(file)
  }

  test('as JSON holds every row once, newest first, over several pages', async () => {
    const rows = JSON.parse(await exported('json', 1_203)) as { id: string }[]
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 1_203 }, (_, index) => `M${1_203 - index}`))
    expect(JSON.parse(await exported('json', 0))).toEqual([])
  })

  test('as CSV begins with its columns and keeps quotes', async () => {
    const [head, first] = (await exported('csv', 2)).split('\r\n')
    expect(head).toMatch(/^\uFEFFid,created,/)
    expect(first).toContain('Kasir,+62 812-3456-7890,text,read,"teks ""2"""')
  })

  test('as CSV has the times of this PC, as JSON those of all', async () => {
    vi.stubEnv('TZ', 'Asia/Jakarta')
    const [, first] = (await exported('csv', 1)).split('\r\n')
    expect(first).toContain('M1,1970-01-01 07:00:00,1970-01-01 07:00:01,')
    expect(JSON.parse(await exported('json', 1))).toMatchObject([{ created: '1970-01-01T00:00:00.000Z' }])
    vi.unstubAllEnvs()
  })

  test('as a workbook of Excel has every text as it is, and times that are dates', async () => {
    vi.stubEnv('TZ', 'Asia/Jakarta')
    const texts = ['00123', '=1+1', '1/2', 'a & b <c>\u0001 _x0041_', 'ä'.repeat(40_000), 'two\r\nlines']
    const files = unzipped(await exportedFile('xlsx', texts))
    vi.unstubAllEnvs()
    const sheet = files.get('xl/worksheets/sheet1.xml') ?? ''
    const rows = sheet.match(/<row>.*?<\/row>/gs) ?? []
    expect(rows).toHaveLength(texts.length + 1)
    const cells = (row: string | undefined) =>
      Array.from(
        (row ?? '').matchAll(/<c(?: s="(\d)")?[^>]*?(?:\/>|>(.*?)<\/c>)/gs),
        ([, style, content = '']) => [style, content.replaceAll(/<[^>]+>/g, '')],
      )
    expect(cells(rows[1])[4]).toEqual(['1', '6281234567890'])
    expect(cells(rows[1])[1]).toEqual(['2', String(25_569 + 7 / 24)])
    expect(rows.slice(1).map((row) => cells(row)[7]?.[1])).toEqual([
      '00123',
      '=1+1',
      '1/2',
      'a &amp; b &lt;c&gt; _x005F_x0041_',
      'ä'.repeat(32_767),
      'two\nlines',
    ])
    expect(cells(rows[5]).at(-1)?.[1]).toBe('ä'.repeat(40_000 - 32_767))
    expect(files.get('[Content_Types].xml')).toContain('/xl/worksheets/sheet1.xml')
  })

  test.each([
    ['=1+1', "'=1+1"],
    ['+62812', "'+62812"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['a,b', '"a,b"'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    [null, ''],
    [' =1+1', "' =1+1"],
    ['＝1+1', "'＝1+1"],
    ['00123', "'00123"],
    ['123456789012345678', "'123456789012345678"],
    ['1E5', "'1E5"],
    ['1/2', "'1/2"],
    ['12-5-2026', "'12-5-2026"],
    ['12.500', "'12.500"],
    ['1,5', `"'1,5"`],
    ['50%', "'50%"],
    ['Rp 12.500', "'Rp 12.500"],
    ['12 Mei 2026', "'12 Mei 2026"],
    ['Mar 3', "'Mar 3"],
    ['08:30', "'08:30"],
    ['TRUE', "'TRUE"],
    ['Pesanan 12 sudah siap', 'Pesanan 12 sudah siap'],
    ['Halo', 'Halo'],
  ])('a cell of %j is no formula and no other cell', (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })
})

test.each([
  ['6285500000501', '+62 855-0000-0501'],
  ['14155552671', '+1 415-5552-671'],
  ['2902345', '+290 2345'],
  ['120363041234567890@g.us', '120363041234567890@g.us'],
])('the recipient %s is written so that a spreadsheet keeps it: %s', (recipient, written) => {
  expect(groupedRecipient(recipient)).toBe(written)
})

test('rows beyond what a sheet holds go on in the next one', () => {
  const workbook = new XlsxWriter(['id'], 3)
  const bytes = Buffer.concat([
    workbook.add([['1'], ['2']]),
    workbook.add([['3'], ['4'], ['5'], ['6'], ['7']]),
    workbook.end(),
  ])
  const files = unzipped(bytes)
  const ids = ['1', '2', '3'].map((sheet) =>
    Array.from((files.get(`xl/worksheets/sheet${sheet}.xml`) ?? '').matchAll(/>(\w+)<\/t>/g), ([, id]) => id),
  )
  expect(ids).toEqual([
    ['id', '1', '2', '3'],
    ['id', '4', '5', '6'],
    ['id', '7'],
  ])
  expect(files.get('xl/workbook.xml')?.match(/<sheet /g)).toHaveLength(3)
})

/** The files of a ZIP by their names, their sums checked, read by the directory at its end as every program does. */
function unzipped(zip: Buffer): Map<string, string> {
  const files = new Map<string, string>()
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006'))
  let at = zip.readUInt32LE(end + 16)
  while (zip.readUInt32LE(at) === 0x02_01_4b_50) {
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const local = zip.readUInt32LE(at + 42)
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const content = inflateRawSync(zip.subarray(begin, begin + zip.readUInt32LE(at + 20)))
    expect(content).toHaveLength(zip.readUInt32LE(at + 24))
    expect(crc32(content)).toBe(zip.readUInt32LE(at + 16))
    files.set(name, content.toString())
    at += 46 + nameLength
  }
  return files
}
