import type { WireShape, WireValues } from './wire-walker.ts'

/** What is taken of a history; its messages, contacts and names stay on the phone. */
export interface HistoryFacts {
  tokens: HistoryToken[]
  mappings: { pn: string; lid: string }[]
  timers: { jid: string; expirationSeconds: number; setAtSeconds: number }[]
  /** What tokens for strangers are made of (../tokens/privacy-tokens.ts); null where the history has none. */
  salt: Buffer | null
}

/** The token of one contact, and when this account last gave it one of its own; times in seconds. */
export interface HistoryToken {
  jid: string
  token: Buffer
  at: number
  issuedAt: number | null
}

/** A history that names more is one of tens of thousands of chats: the newest come first, and are kept. */
const maxEntries = 20_000
const person = /^\d{5,20}(?:@s\.whatsapp\.net|@lid)$/

export function noFacts(): HistoryFacts {
  return { tokens: [], mappings: [], timers: [], salt: null }
}

/**
 * The fields of `HistorySync` that are wanted, put into `facts`. Field 19 is not in Baileys' own WAProto, which throws
 * unknown fields away.
 *
 * @see https://github.com/tulir/whatsmeow/blob/main/proto/waHistorySync/WAWebProtobufsHistorySync.proto
 */
export function historyShape(facts: HistoryFacts): WireShape {
  return {
    fields: {
      2: { fields: conversationFields, complete: (values) => addConversation(facts, values) },
      15: {
        fields: { 1: 'bytes', 2: 'bytes' },
        complete: (values) => addMapping(facts, values.text(1), values.text(2)),
      },
      19: 'bytes',
    },
    complete: (values) => {
      const salt = values.bytes(19)
      if (salt !== null && salt.length > 0) facts.salt = salt
    },
  }
}

/** id · expiration of messages · when that was set · token · its time · time of one's own · number · LID · LID */
const conversationFields = {
  1: 'bytes',
  9: 'varint',
  10: 'varint',
  21: 'bytes',
  22: 'varint',
  28: 'varint',
  39: 'bytes',
  42: 'bytes',
  49: 'bytes',
} as const

function addConversation(facts: HistoryFacts, values: WireValues): void {
  const id = values.text(1)
  if (id === null) return
  addTimer(facts, id, values)
  if (!person.test(id)) return
  const lid = id.endsWith('@lid') ? id : (values.text(42) ?? values.text(49))
  const pn = id.endsWith('@lid') ? values.text(39) : id
  addMapping(facts, pn, lid)
  const token = values.bytes(21)
  const at = values.number(22)
  if (token === null || token.length === 0 || at === null || at === 0) return
  if (facts.tokens.length >= maxEntries) return
  const jid = lid !== null && person.test(lid) ? lid : id
  facts.tokens.push({ jid, token, at, issuedAt: values.number(28) || null })
}

/** A group has one, too. */
function addTimer({ timers }: HistoryFacts, jid: string, values: WireValues): void {
  const expirationSeconds = values.number(9)
  if (expirationSeconds === null || expirationSeconds === 0 || timers.length >= maxEntries) return
  timers.push({ jid, expirationSeconds, setAtSeconds: values.number(10) ?? 0 })
}

function addMapping({ mappings }: HistoryFacts, pn: string | null, lid: string | null): void {
  if (pn === null || lid === null || mappings.length >= maxEntries) return
  if (!person.test(pn) || !pn.endsWith('@s.whatsapp.net')) return
  if (!person.test(lid) || !lid.endsWith('@lid')) return
  mappings.push({ pn, lid })
}
