import { AsyncLocalStorage } from 'node:async_hooks'
import type { SignalDataSet, SignalDataTypeMap, SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys'
import { isSending } from '../baileys/outbound/send-context.ts'
import { KeysUnavailable } from './keys-unavailable.ts'
import type { SessionKeys } from './session-key-store.ts'

/** One for the whole program: inside a transaction, a further one is part of it, as Baileys means it. */
const inTransaction = new AsyncLocalStorage<true>()

/** The keys as one connection sees them; `close` ends its access for good. */
export interface ConnectionKeys extends SignalKeyStoreWithTransaction {
  close(): void
}

/**
 * Takes the place of Baileys' own transactions, which keep what was changed back until the message is out
 * and then write it: a crash or a failed write in between takes the ratchet back, and the recipient cannot
 * read the next message. Here a change counts at once, and a transaction is what keeps others out.
 *
 * Baileys hands all messages of an account over in one such transaction each, so that one recipient whose
 * devices are slow to be learned holds up everybody. That one is left out: what must not be interleaved, the
 * session with one device or a group's key, has a transaction of its own inside.
 *
 * What a closed connection still has running (queries time out late) neither reads nor changes anything.
 */
export function connectionKeys(keys: SessionKeys): ConnectionKeys {
  const queues = new Map<string, Promise<unknown>>()
  let closed = false
  const check = (): void => {
    if (closed) throw new KeysUnavailable('the connection is closed')
  }
  return {
    get: async <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
      check()
      if (type === 'tctoken') return noTokens(ids) as { [id: string]: SignalDataTypeMap[T] }
      return keys.get(type, ids)
    },
    set: async ({ tctoken: _ours, ...data }: SignalDataSet) => {
      check()
      keys.set(isSending() ? withoutSenderKeyMemory(data) : data)
    },
    isInTransaction: () => inTransaction.getStore() === true,
    transaction: <T>(work: () => Promise<T>, key: string): Promise<T> => {
      if (inTransaction.getStore() === true) return work()
      if (isSending() && key === keys.credentials.me?.id) return work()
      return inTurn(queues, key, () => inTransaction.run(true, work))
    },
    close: () => {
      closed = true
    },
  }
}

/**
 * Privacy tokens are not Baileys' to attach, keep or issue (tokens/privacy-tokens.ts): in a hand-over it finds that there
 * is none and that this account's own was issued just now; elsewhere, that there never was one.
 */
function noTokens(ids: string[]): Record<string, SignalDataTypeMap['tctoken']> {
  if (!isSending()) return {}
  const none = { token: Buffer.alloc(0), senderTimestamp: Math.floor(Date.now() / 1_000) }
  return Object.fromEntries(ids.map((id) => [id, none]))
}

/**
 * Baileys notes that devices have a group's sender key before it is out, and also for those that it could not be
 * encrypted for; they would show "Waiting for this message" for good. It is noted once the server has the message
 * (group-memory.ts).
 */
function withoutSenderKeyMemory(data: SignalDataSet): SignalDataSet {
  const { 'sender-key-memory': _unconfirmed, ...rest } = data
  return rest
}

/** Runs the work when everything before it under that key has ended, however it ended. */
function inTurn<T>(queues: Map<string, Promise<unknown>>, key: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(key)
  const result = before === undefined ? work() : before.then(work, work)
  const settled = result.then(
    () => {},
    () => {},
  )
  queues.set(key, settled)
  void settled.then(() => {
    if (queues.get(key) === settled) queues.delete(key)
  })
  return result
}
