import { open, type FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Message, MessageFilter } from '../../src-preload/contract.ts'
import type { Progress } from './savings.ts'

/** Rows read and written in one go; between two, everybody else has a turn. */
const pageSize = 500

/** One page of rows below a sequence, newest first. */
export type ReadPage = (filter: MessageFilter, before: number | null, limit: number) => Message[]

/** Writes the rows of a filter, newest first, as CSV (RFC 4180, with a byte order mark for Excel) or as JSON. */
export async function exportMessages(options: {
  file: string
  filter: MessageFilter
  format: 'csv' | 'json'
  readPage: ReadPage
  deviceName: (id: string) => string
  signal: AbortSignal
  progress: Progress
}): Promise<void> {
  const { file, format } = options
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.write(format === 'csv' ? `\uFEFF${columns.join(',')}\r\n` : '[')
    const rows = await writeRows(handle, options)
    if (format === 'json') await handle.write(rows === 0 ? ']\n' : '\n]\n')
  } finally {
    await handle.close()
  }
}

async function writeRows(
  handle: FileHandle,
  { filter, format, readPage, deviceName, signal, progress }: Parameters<typeof exportMessages>[0],
): Promise<number> {
  let written = 0
  for (let before: number | null = null; ;) {
    signal.throwIfAborted()
    const page = readPage(filter, before, pageSize)
    const last = page.at(-1)
    if (last === undefined) return written
    const lines = page.map((message, index) => {
      const row = rowOf(message, deviceName(message.deviceId), timeIn[format])
      if (format === 'csv') return `${columns.map((name) => csvCell(row[name])).join(',')}\r\n`
      return `${written + index === 0 ? '' : ','}\n  ${JSON.stringify(row)}`
    })
    await handle.write(lines.join(''))
    written += page.length
    progress(written, null)
    before = last.sequence
    await nextTurn()
  }
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

/** A table is for people, who know the time of their PC, in the form that a spreadsheet takes for one. */
const timeIn = {
  // Sweden writes 2026-11-29 17:04:05.
  csv: (at: number): string => new Date(at).toLocaleString('sv-SE'),
  json: (at: number): string => new Date(at).toISOString(),
}

function rowOf(
  message: Message,
  device: string,
  timeText: (at: number) => string,
): Record<(typeof columns)[number], string | null> {
  return {
    id: message.id,
    created: timeText(message.createdAt),
    changed: timeText(message.changedAt),
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
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvCell(value: string | null): string {
  if (value === null || value === '') return ''
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
