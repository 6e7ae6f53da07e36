import { DatabaseSync } from 'node:sqlite'
import type { CallerOutcome } from './caller.ts'

/** One row of the program's own log. */
export interface LogRow {
  id: string
  recipient: string
  text: string
  state: string
}

/** One message in a practice recipient's inbox. */
export interface Received {
  id: string
  to: string
  text: string
  receptions: number
}

/** Where the three ledgers do not tell the same story; empty lists when all is well. */
export interface Disagreements {
  /** A caller was told "sent", but the recipient has nothing. */
  lost: string[]
  /** The recipient has it under two ids. */
  twice: string[]
  /** A caller never learnt that it was sent, however often it asked. */
  neverTold: string[]
  /** A row's state contradicts the inbox. */
  rowsThatDisagree: string[]
}

/** States in MessageState's order, as the log's table numbers them. */
const stateNames = ['queued', 'sending', 'sent', 'delivered', 'read', 'played', 'failed', 'expired']
const acknowledged = new Set(['sent', 'delivered', 'read', 'played'])

/** Every row, read from the file of a program that has stopped. */
export function readLog(file: string): LogRow[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database
      .prepare('SELECT id, recipient, text, state FROM messages LEFT JOIN requests ON number = request')
      .all()
      .map((row) => ({
        id: String(row['id']),
        recipient: String(row['recipient']),
        text: String(row['text']),
        state: stateNames[Number(row['state'])] ?? 'unknown',
      }))
  } finally {
    database.close()
  }
}

/** What its caller was told, for a message that something is wrong with. */
function outcomeOf(outcomes: readonly CallerOutcome[], text: string): string {
  const call = outcomes.find((one) => one.text === text)
  return `${call?.attempts ?? 0} attempts, answers ${JSON.stringify(call?.answers)}`
}

/** Texts are unique in a run, so that a text names one message of one caller. */
export function compareLedgers(outcomes: CallerOutcome[], log: LogRow[], inbox: Received[]): Disagreements {
  const received = Map.groupBy(inbox, ({ text }) => text)
  const idsInInbox = new Set(inbox.map(({ id }) => id))
  const rows = new Map(log.map((row) => [row.id, row]))
  return {
    lost: outcomes
      .filter(({ answers, text }) => answers.some(({ status }) => status) && !received.has(text))
      .map(({ text }) => text),
    twice: Array.from(received)
      .filter(([, messages]) => new Set(messages.map(({ id }) => id)).size > 1)
      .map(
        ([text, messages]) =>
          `${text}: ${messages.map(({ id }) => id).join(', ')}, ${outcomeOf(outcomes, text)}`,
      ),
    neverTold: outcomes
      .filter(({ answers }) => !answers.some(({ status }) => status))
      .map(({ text, answers }) => `${text}: ${JSON.stringify(answers.slice(-3))}`),
    rowsThatDisagree: [
      ...log
        .filter(({ id, state }) => acknowledged.has(state) !== idsInInbox.has(id))
        .map(({ id, state }) => `${id} is ${state}, the inbox ${idsInInbox.has(id) ? 'has' : 'lacks'} it`),
      ...inbox.filter(({ id }) => !rows.has(id)).map(({ id }) => `${id} is in the inbox and not in the log`),
    ],
  }
}
