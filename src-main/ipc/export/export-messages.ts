import { open, type FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Message, MessageFilter } from '../../../src-preload/contract.ts'
import { callingCodeOf } from '../../lib/phone-numbers/numbering-plans.ts'
import type { Progress } from '../files/downloads.ts'
import { maxCellCharacters, XlsxWriter } from './xlsx-writer.ts'

/** Rows read and written in one go; between two, everybody else has a turn. */
const pageSize = 500

/** One page of rows below a sequence, newest first. */
export type ReadPage = (filter: MessageFilter, before: number | null, limit: number) => Message[]

export type ExportFormat = 'csv' | 'xlsx' | 'json'

/** What a format writes before, for and behind the rows. */
interface RowWriter {
  begin: string
  rows: (page: readonly Row[], first: boolean) => string | Buffer
  end: (isEmpty: boolean) => string | Buffer
}

/**
 * Writes the rows of a filter, newest first: as CSV (RFC 4180, with a byte order mark for Excel), as a workbook of Excel,
 * or as JSON.
 */
export async function exportMessages(options: {
  file: string
  filter: MessageFilter
  format: ExportFormat
  readPage: ReadPage
  deviceName: (id: string) => string
  signal: AbortSignal
  progress: Progress
}): Promise<void> {
  const { file, format } = options
  const writer = writers[format]()
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.writeFile(writer.begin)
    const rows = await writeRows(handle, writer, options)
    await handle.writeFile(writer.end(rows === 0))
  } finally {
    await handle.close()
  }
}

async function writeRows(
  handle: FileHandle,
  writer: RowWriter,
  { filter, readPage, deviceName, signal, progress }: Parameters<typeof exportMessages>[0],
): Promise<number> {
  let written = 0
  for (let before: number | null = null; ;) {
    signal.throwIfAborted()
    const page = readPage(filter, before, pageSize)
    const last = page.at(-1)
    if (last === undefined) return written
    const rows = page.map((message) => rowOf(message, deviceName(message.deviceId)))
    await handle.writeFile(writer.rows(rows, written === 0))
    written += page.length
    progress(written, null)
    before = last.sequence
    await nextTurn()
  }
}

const writers: Record<ExportFormat, () => RowWriter> = {
  csv: () => ({
    begin: `\uFEFF${columns.join(',')}\r\n`,
    rows: (page) =>
      page.map((row) => `${columns.map((name) => cellOf(name, row[name])).join(',')}\r\n`).join(''),
    end: () => '',
  }),
  json: () => ({
    begin: '[',
    rows: (page, first) =>
      page
        .map(
          (row, index) =>
            `${first && index === 0 ? '' : ','}\n  ${JSON.stringify({ ...row, ...isoTimes(row) })}`,
        )
        .join(''),
    end: (isEmpty) => (isEmpty ? ']\n' : '\n]\n'),
  }),
  xlsx: () => {
    // A cell holds half of the longest message.
    const workbook = new XlsxWriter([...columns, 'text, continued'])
    return {
      begin: '',
      rows: (page) =>
        workbook.add(
          page.map((row) => [
            ...columns.map((name) =>
              name === 'text' ? (row.text?.slice(0, maxCellCharacters) ?? null) : row[name],
            ),
            row.text?.slice(maxCellCharacters) ?? null,
          ]),
        ),
      end: () => workbook.end(),
    }
  },
}

function cellOf(column: (typeof columns)[number], value: string | number | null): string {
  if (typeof value === 'number') return localTime(value)
  return column === 'recipient' && value !== null ? quoted(groupedRecipient(value)) : csvCell(value)
}

const columns = [
  'id',
  'created',
  'changed',
  'device',
  'recipient',
  'kind',
  'state',
  'text',
  'file',
  'code',
  'reason',
  'via',
  'key',
] as const

type Row = Record<Exclude<(typeof columns)[number], TimeColumn>, string | null> & Record<TimeColumn, number>
type TimeColumn = 'created' | 'changed'

/** A table is for people, who know the time of their PC. Sweden writes 2026-11-29 17:04:05, as spreadsheets read it. */
function localTime(at: number): string {
  return new Date(at).toLocaleString('sv-SE')
}

function isoTimes({ created, changed }: Row): Record<TimeColumn, string> {
  return { created: new Date(created).toISOString(), changed: new Date(changed).toISOString() }
}

function rowOf(message: Message, device: string): Row {
  return {
    id: message.id,
    created: message.createdAt,
    changed: message.changedAt,
    device,
    recipient: message.recipient,
    kind: message.kind,
    state: message.state,
    text: message.text,
    file: message.fileName,
    code: message.failure?.code ?? null,
    reason: message.failure?.reason ?? null,
    via: message.via,
    key: message.keyName,
  }
}

/**
 * A text that a spreadsheet would take for a formula is put behind an apostrophe
 * (https://owasp.org/www-community/attacks/CSV_Injection), and so is one that it would take for a number or a date and
 * save as another text: `00123`, 18 digits, `1E5`, `1/2`, `12 May`.
 */
export function csvCell(value: string | null): string {
  if (value === null || value === '') return ''
  return quoted(/^[\s=+\-@＝＋－＠]/u.test(value) || looksLikeValue(value) ? `'${value}` : value)
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** Whether a spreadsheet of any language may read it as a number, an amount of money, a date, a time or a truth value. */
function looksLikeValue(value: string): boolean {
  const text = value.trim()
  const isNumber =
    /^[^\p{L}\p{N}]{0,3}(?:\p{L}{1,3}\.?\s?)?\p{N}[\p{N}\s.,/:'’()%+\-–]*(?:e[+-]?\d+)?(?:\s?[%€$£¥₹]|\s?[ap]\.?m\.?)?$/iu
  const isDate =
    /^(?:\p{N}{1,4}[\s./-]+\p{L}{3,9}\.?|\p{L}{3,9}\.?[\s./-]+\p{N}{1,4})(?:[\s,./-]+\p{N}{1,4})?$/iu
  return isNumber.test(text) || isDate.test(text) || /^(?:true|false|benar|salah)$/i.test(text)
}

/** A number in groups: bare, a spreadsheet shows its 13 digits as 6.28E+12 and saves that. */
export function groupedRecipient(recipient: string): string {
  if (!/^\d+$/.test(recipient)) return recipient
  const code = callingCodeOf(recipient)
  if (code === null) return `'${recipient}`
  const rest = recipient.slice(code.length)
  const groups = rest.length <= 4 ? [rest] : [rest.slice(0, 3), ...rest.slice(3).split(/(?<=^(?:.{4})+)/)]
  return `+${code} ${groups.join('-')}`
}
