import type { proto, SignalRepositoryWithLIDStore } from '@whiskeysockets/baileys'
import { baileys } from '../baileys.ts'

/**
 * Tells of what the own phone says to its devices, as soon as it is decrypted: before Baileys confirms it, so that what
 * is kept of it is on the disk before the confirmation leaves (durable-writes.ts). Baileys tells of it only afterwards
 * (Socket/messages-recv.js, handleMessage).
 */
export function emitOwnMessages(
  repository: SignalRepositoryWithLIDStore,
  isOwn: (jid: string) => boolean,
  onMessage: (message: proto.Message.IProtocolMessage) => void,
): SignalRepositoryWithLIDStore {
  const decryptMessage = repository.decryptMessage.bind(repository)
  return Object.assign(repository, {
    decryptMessage: async (options: Parameters<typeof decryptMessage>[0]) => {
      const plain = await decryptMessage(options)
      const message = isOwn(options.jid) ? protocolMessageIn(plain) : null
      if (message !== null) onMessage(message)
      return plain
    },
  })
}

/** What cannot be decoded Baileys answers itself. */
function protocolMessageIn(padded: Uint8Array): proto.Message.IProtocolMessage | null {
  const { proto, unpadRandomMax16 } = baileys()
  try {
    return proto.Message.decode(unpadRandomMax16(padded)).protocolMessage ?? null
  } catch {
    return null
  }
}
