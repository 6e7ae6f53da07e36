import type { BinaryNode, SignalRepositoryWithLIDStore } from '@whiskeysockets/baileys'
import type { ConnectionKeys } from '../../session-keys/connection-keys.ts'
import { isReadBefore, readBeforeError, isAlreadyRead } from '../outbound/read-before.ts'

/** Which stanza a ciphertext came in. Baileys decrypts the very bytes that it read off the line. */
const stanzas = new WeakMap<Uint8Array, BinaryNode>()

export interface DecryptionEvents {
  /** A message came a second time: it has been read. */
  readBefore(stanza: BinaryNode): void
  /** A message cannot be read: Baileys asks for it again. */
  unreadable(stanza: BinaryNode): void
}

/** Notes where a stanza's ciphertexts came from, before Baileys is given it. */
export function noteCiphertexts(stanza: BinaryNode): void {
  if (!Array.isArray(stanza.content)) return
  for (const { tag, content } of stanza.content) {
    if (tag === 'enc' && content instanceof Uint8Array) stanzas.set(content, stanza)
  }
}

/**
 * Tells messages that were read before from those that cannot be read, which libsignal does not: for both Baileys would
 * ask the sender to encrypt anew. One that was read before is answered as a delivered one is.
 */
export function noteDecryption(
  repository: SignalRepositoryWithLIDStore,
  keys: ConnectionKeys,
  events: DecryptionEvents,
): SignalRepositoryWithLIDStore {
  const decryptMessage = repository.decryptMessage.bind(repository)
  const decryptGroupMessage = repository.decryptGroupMessage.bind(repository)

  const failed = (ciphertext: Uint8Array, wasRead: boolean, error: unknown): Error => {
    const stanza = stanzas.get(ciphertext)
    if (stanza !== undefined) events[wasRead ? 'readBefore' : 'unreadable'](stanza)
    if (wasRead) return new Error(readBeforeError, { cause: error })
    return error instanceof Error ? error : new Error('the message could not be decrypted', { cause: error })
  }

  return Object.assign(repository, {
    decryptMessage: async (options: Parameters<typeof decryptMessage>[0]) => {
      try {
        return await decryptMessage(options)
      } catch (error) {
        const { jid, type, ciphertext } = options
        const wasRead = isAlreadyRead(error) || (type === 'msg' && (await isReadIn(jid, ciphertext)))
        throw failed(ciphertext, wasRead, error)
      }
    },
    decryptGroupMessage: async (options: Parameters<typeof decryptGroupMessage>[0]) => {
      try {
        return await decryptGroupMessage(options)
      } catch (error) {
        throw failed(options.msg, isAlreadyRead(error), error)
      }
    },
  })

  async function isReadIn(jid: string, ciphertext: Uint8Array): Promise<boolean> {
    const id = repository.jidToSignalProtocolAddress(jid)
    const { [id]: record } = await keys.get('session', [id])
    return isReadBefore(record, ciphertext)
  }
}
