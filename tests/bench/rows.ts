import { createHash } from 'node:crypto'
import { CountsTable } from '../../src-main/messages/store/counts-table.ts'
import { Counts } from '../../src-main/messages/log/daily-counts.ts'
import { CheckpointsTable } from '../../src-main/messages/store/checkpoints-table.ts'
import { MessagesTable } from '../../src-main/messages/store/messages-table.ts'
import { RequestsTable } from '../../src-main/messages/store/requests-table.ts'
import { SearchTable } from '../../src-main/messages/store/search-table.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { pino } from 'pino'

const log = pino({ level: 'silent' })
const perCommit = 5_000
/** One row in so many has failed. */
export const failureEvery = 97
const minute = 60_000

const goods = [
  'Kopi Susu', 'Roti Bakar', 'Nasi Goreng', 'Mie Ayam', 'Teh Botol', 'Sate Ayam', 'Gado-gado', 'Bakso Urat',
  'Es Jeruk', 'Martabak', 'Soto Betawi', 'Rendang', 'Pempek', 'Ketoprak', 'Bubur Ayam', 'Tahu Gejrot',
] // prettier-ignore
const names = [
  'Budi',
  'Siti',
  'Agus',
  'Dewi',
  'Rina',
  'Joko',
  'Wati',
  'Hendra',
  'Yuni',
  'Eko',
  'Lestari',
  'Bayu',
]

/** What a shop's years of receipts look like: a row's text by its number. */
export function rowText(index: number): string {
  const of = (list: readonly string[], by: number): string => list[by % list.length] ?? ''
  return `Yth. ${of(names, index * 7)}, nota INV-${index}: ${1 + (index % 5)} x ${of(goods, index * 11)}, ${of(goods, index * 5 + 3)}. Total Rp ${(index % 400) + 10}.500. Terima kasih.`
}

/** Fills the log with messages that were sent and read, indexed for searches, spread over the last 80 days. */
export async function fillLog(database: Database, deviceIds: readonly string[], rows: number): Promise<void> {
  const requests = new RequestsTable(database)
  const messages = new MessagesTable(database)
  const search = new SearchTable(database)
  const counts = new Counts(new CountsTable(database))
  const marks = new CheckpointsTable(database)
  await search.create(log)
  const since = Date.now() - 80 * 24 * 60 * minute
  const step = (80 * 24 * 60 * minute) / rows
  for (let from = 1; from <= rows; from += perCommit) {
    const last = Math.min(rows, from + perCommit - 1)
    await database.write(() => {
      for (let number = from; number <= last; number++) {
        const deviceId = deviceIds[number % deviceIds.length] ?? ''
        const at = Math.round(since + number * step)
        addRow({ requests, messages, search, counts }, number, deviceId, at)
      }
      marks.set('indexed', last)
    })
  }
}

function addRow(
  tables: { requests: RequestsTable; messages: MessagesTable; search: SearchTable; counts: Counts },
  number: number,
  deviceId: string,
  at: number,
): void {
  const recipient = String(6_281_200_000_000 + ((number * 7_919) % 3_000_000))
  const text = rowText(number)
  const encoded = Buffer.from(text)
  tables.requests.insert({
    number,
    recipients: 1,
    deviceId,
    keyId: 'bench',
    fingerprint: createHash('sha256').update(`${number}`).digest().subarray(0, 20),
    idempotencyKey: null,
    queue: false,
    createdAt: at,
    content: { text, fileName: null, kept: 'yes' },
    source: null,
    encoded,
    parameters: '{"sender":"6285500000000"}',
  })
  tables.requests.markAnswered(number, at + 100)
  const failed = number % failureEvery === 0
  tables.messages.insert({
    id: `3EB0${number.toString(16).toUpperCase().padStart(18, '0')}`,
    sequence: number,
    requestId: String(number),
    deviceId,
    recipient,
    kind: 'text',
    text,
    fileName: null,
    state: failed ? 'failed' : 'read',
    failure: failed ? { code: 'not_on_whatsapp', reason: `${recipient} is not on WhatsApp.` } : null,
    progress: null,
    via: 'api',
    keyName: `till ${number % 4}`,
    createdAt: at,
    changedAt: at + 60_000,
  })
  tables.search.add({ sequence: number, recipient, text, fileName: null })
  tables.counts.add(deviceId, !failed, at)
}
