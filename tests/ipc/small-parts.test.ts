import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { Message, MessageFilter } from '../../src-preload/contract.ts'
import { csvCell, exportMessages } from '../../src-main/ipc/export-messages.ts'
import { recipientEntries } from '../../src-main/phone-numbers/recipient-list.ts'
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
    const file = join(mkdtempSync(join(tmpdir(), 'kurir-export-')), 'log')
    const all = Array.from({ length: count }, (_, index) => message(count - index, `teks "${count - index}"`))
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
    return readFileSync(file, 'utf8')
  }

  test('as JSON holds every row once, newest first, over several pages', async () => {
    const rows = JSON.parse(await exported('json', 1_203)) as { id: string }[]
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 1_203 }, (_, index) => `M${1_203 - index}`))
    expect(JSON.parse(await exported('json', 0))).toEqual([])
  })

  test('as CSV begins with its columns and keeps quotes', async () => {
    const [head, first] = (await exported('csv', 2)).split('\r\n')
    expect(head).toMatch(/^\uFEFFid,created,/)
    expect(first).toContain('Kasir,6281234567890,text,read,"teks ""2"""')
  })

  test('as CSV has the times of this PC, as JSON those of all', async () => {
    vi.stubEnv('TZ', 'Asia/Jakarta')
    const [, first] = (await exported('csv', 1)).split('\r\n')
    expect(first).toContain('M1,1970-01-01 07:00:00,1970-01-01 07:00:01,')
    expect(JSON.parse(await exported('json', 1))).toMatchObject([{ created: '1970-01-01T00:00:00.000Z' }])
    vi.unstubAllEnvs()
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
  ])('a cell of %j is no formula and no other cell', (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })
})
