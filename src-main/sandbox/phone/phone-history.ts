import { deflateSync } from 'node:zlib'
import { proto } from '@whiskeysockets/baileys'
import { jidOf } from '../accounts/sandbox-numbers.ts'
import type { KnownContact } from './phone-state.ts'
import { field } from './protobuf.ts'

/** What the history of one account is made of. */
export interface HistorySource {
  /** Chats are named by LID then, else by number. */
  lidMigrated: boolean
  contacts: (KnownContact & { token: Uint8Array | null })[]
  salt: Uint8Array | null
  /** The largest part has at least so many bytes when inflated. */
  historyBytes: number
}

export interface HistoryPart {
  type: proto.HistorySync.HistorySyncType
  /** Deflated, as it is put into the notification or a file. */
  content: Buffer
}

const types = proto.HistorySync.HistorySyncType
const messageBytes = 2_000
/** When the timers of known chats were set, in seconds. */
export const timersSetAtSeconds = 1_700_000_000

/** The four parts that a phone sends to a device that has just been linked, in their order. */
export function historyOf(source: HistorySource): HistoryPart[] {
  const { contacts } = source
  const conversations = contacts.map((contact) => conversationOf(contact, source.lidMigrated))
  const [newest, ...older] = conversations
  return [
    part(types.INITIAL_BOOTSTRAP, { conversations: newest === undefined ? [] : [newest] }),
    part(types.PUSH_NAME, {
      pushnames: contacts.map(({ number }) => ({ id: jidOf(number), pushname: `Practice ${number}` })),
    }),
    part(
      types.RECENT,
      { conversations: [...older, ...filling(source.historyBytes)] },
      source.salt === null ? [] : [field(19, source.salt)],
    ),
    part(types.NON_BLOCKING_DATA, {
      phoneNumberToLidMappings: contacts.map(({ number }) => ({
        pnJid: jidOf(number),
        lidJid: jidOf(number, 0, 'lid'),
      })),
    }),
  ]
}

function conversationOf(
  { number, token, tokenAt, issuedAt, expirationSeconds }: HistorySource['contacts'][number],
  lidMigrated: boolean,
): proto.IConversation {
  const [pnJid, lidJid] = [jidOf(number), jidOf(number, 0, 'lid')]
  return {
    id: lidMigrated ? lidJid : pnJid,
    ...(lidMigrated ? { pnJid } : { lidJid }),
    messages: [textMessage(lidMigrated ? lidJid : pnJid, 0, `an old message of ${number}`)],
    ...(token === null || tokenAt === null ? {} : { tcToken: token, tcTokenTimestamp: tokenAt }),
    ...(issuedAt === null ? {} : { tcTokenSenderTimestamp: issuedAt }),
    ...(expirationSeconds === 0
      ? {}
      : { ephemeralExpiration: expirationSeconds, ephemeralSettingTimestamp: timersSetAtSeconds }),
  }
}

/** Old chats of a group, of as many bytes as are wanted. */
function filling(bytes: number): proto.IConversation[] {
  if (bytes === 0) return []
  const id = '120363000000000009@g.us'
  const count = Math.ceil(bytes / messageBytes)
  const text = (index: number): string =>
    String(index)
      .padStart(8, '0')
      .repeat(messageBytes / 8)
  return [{ id, messages: Array.from({ length: count }, (_, index) => textMessage(id, index, text(index))) }]
}

function textMessage(remoteJid: string, index: number, text: string): proto.IHistorySyncMsg {
  const key = { remoteJid, id: `OLD${index}`, fromMe: false }
  return { message: { key, messageTimestamp: 1_700_000_000 + index, message: { conversation: text } } }
}

function part(
  type: proto.HistorySync.HistorySyncType,
  history: Partial<proto.IHistorySync>,
  more: Buffer[] = [],
): HistoryPart {
  const encoded = proto.HistorySync.encode({ syncType: type, progress: 100, ...history }).finish()
  return { type, content: deflateSync(Buffer.concat([encoded, ...more]), { level: 1 }) }
}
