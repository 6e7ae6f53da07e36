import { LRUCache } from 'lru-cache'
import { baileys } from '../baileys/baileys.ts'
import type { ChatTimer, ChatTimersTable } from './chat-timers-table.ts'

export type { ChatTimer } from './chat-timers-table.ts'

export interface ChatTimersDependencies {
  deviceId: string
  table: ChatTimersTable
  /** The other name of a person: the LID of a phone number or the reverse, as JIDs; null where it is not known. */
  otherFormOf: (jid: string) => string | null
  /** A write failed. The timer still counts until the connection ends. */
  failed: (error: unknown) => void
}

/** Chats whose timers are kept in memory beside the table. */
const maxCached = 500

/**
 * The timers of one device's chats. The server does not know those of persons (tulir/whatsmeow issue 354), so that every
 * message has to carry its chat's own: without it the recipient is told that the message will not disappear.
 */
export class ChatTimers {
  readonly #dependencies: ChatTimersDependencies
  readonly #cached = new LRUCache<string, ChatTimer>({ max: maxCached })

  constructor(dependencies: ChatTimersDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Keeps what a chat's timer is, unless one that was set later is known.
   *
   * @param jid a person's phone number or LID, or a group
   */
  learn(jid: string, timer: ChatTimer): void {
    const { table, deviceId, failed } = this.#dependencies
    const chat = baileys().jidNormalizedUser(jid)
    const known = this.#find(chat)
    const isKnown = known?.expirationSeconds === timer.expirationSeconds
    if (known !== null && (known.setAtSeconds > timer.setAtSeconds || (isKnown && isSameTime(known, timer))))
      return
    this.#cached.set(chat, timer)
    table.save(deviceId, chat, timer).catch(failed)
  }

  /** The timer that was set last under either form of the chat's name; null where none is known or it is off. */
  of(jid: string): ChatTimer | null {
    const chat = baileys().jidNormalizedUser(jid)
    const other = this.#dependencies.otherFormOf(chat)
    const [latest] = [chat, ...(other === null ? [] : [other])]
      .flatMap((form) => this.#find(form) ?? [])
      .toSorted((one, another) => another.setAtSeconds - one.setAtSeconds)
    return latest === undefined || latest.expirationSeconds === 0 ? null : latest
  }

  #find(chat: string): ChatTimer | null {
    const { table, deviceId } = this.#dependencies
    return this.#cached.get(chat) ?? table.find(deviceId, chat)
  }
}

function isSameTime(one: ChatTimer, other: ChatTimer): boolean {
  return one.setAtSeconds === other.setAtSeconds
}
