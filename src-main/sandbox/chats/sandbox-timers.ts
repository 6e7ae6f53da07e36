import { normalizeMessageContent } from '@whiskeysockets/baileys'
import type { proto } from '@whiskeysockets/baileys'
import type { Database, Migration } from '../../storage/database/database.ts'
import type { Companion } from '../accounts/companions.ts'
import type { SandboxContext } from '../sandbox-context.ts'

export const sandboxTimersMigrations: readonly Migration[] = [
  {
    number: 21,
    name: 'chats whose messages disappear',
    sql: `
      CREATE TABLE chat_timers (
        account TEXT NOT NULL,
        contact TEXT NOT NULL,
        seconds INTEGER NOT NULL,
        set_at INTEGER NOT NULL,
        PRIMARY KEY (account, contact)
      ) STRICT, WITHOUT ROWID;
    `,
  },
]

/** After so many seconds the messages of a chat disappear; `setAtSeconds` is when that was chosen. */
export interface SandboxTimer {
  seconds: number
  setAtSeconds: number
}

/** The timers of chats between two numbers. WhatsApp's server does not know them; the phones do. */
export class SandboxTimers {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The timer of the chat of two numbers, whichever is named first; null where messages stay. */
  of(one: string, other: string): SandboxTimer | null {
    const [account = '', contact = ''] = [one, other].toSorted()
    const sql = 'SELECT seconds, set_at FROM chat_timers WHERE account = ? AND contact = ?'
    const row = this.#database.statement<{ seconds: number; set_at: number }>(sql).get(account, contact)
    return row === undefined || row.seconds === 0 ? null : { seconds: row.seconds, setAtSeconds: row.set_at }
  }

  set(one: string, other: string, { seconds, setAtSeconds }: SandboxTimer): Promise<void> {
    const [account = '', contact = ''] = [one, other].toSorted()
    return this.#database.write(() => {
      this.#database
        .statement(
          'INSERT OR REPLACE INTO chat_timers (account, contact, seconds, set_at) VALUES (?, ?, ?, ?)',
        )
        .run(account, contact, seconds, setAtSeconds)
    })
  }
}

/** Kinds that carry no context, and so no timer. */
const withoutContext = [
  'protocolMessage',
  'reactionMessage',
  'pollUpdateMessage',
  'pinInChatMessage',
  'keepInChatMessage',
]

/**
 * Reports a message that does not disappear with its chat: its recipient would read that it will not. `ContextInfo` 25
 * says after how many seconds, 26 since when.
 */
export function checkTimer(
  sandboxContext: SandboxContext,
  sender: Companion,
  message: proto.IMessage,
  timer: SandboxTimer | null,
): void {
  const inner = (normalizeMessageContent(message) ?? {}) as Record<string, unknown>
  if (withoutContext.some((kind) => inner[kind])) return
  const contexts = Object.values(inner).flatMap((part) => contextOf(part) ?? [])
  const expiration = contexts.find((context) => context.expiration)?.expiration ?? 0
  const expected = timer?.seconds ?? 0
  if (expiration === expected) return
  const detail = `a message disappears after ${expiration} s, in a chat of ${expected} s`
  sandboxContext.reports.add('timer_missing', sender.number, detail)
}

function contextOf(part: unknown): proto.IContextInfo | null {
  if (typeof part !== 'object' || part === null || !('contextInfo' in part)) return null
  return (part.contextInfo as proto.IContextInfo | null | undefined) ?? null
}
