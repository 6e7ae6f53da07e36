/** libsignal's session record, as far as it is looked at; keys are base64. */
interface SessionRecord {
  _sessions?: Record<string, { _chains: Record<string, Chain> }>
}
interface Chain {
  chainKey: { counter: number }
  messageKeys: Record<string, unknown>
}

/** What libsignal says of a message that it has read before, where it says it at all. */
export const readBeforeError = 'Key used already or never filled'

/**
 * Whether an error of libsignal's or of Baileys' group cipher says that the message was read before.
 * libsignal hides it for ordinary messages: it tries every session and says that none fits.
 */
export function isAlreadyRead(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.message === readBeforeError || error.message.startsWith('Received message with old counter')
}

/** Whether the key of a Signal `msg` has been used up in the session that it belongs to. */
export function isReadBefore(record: unknown, ciphertext: Uint8Array): boolean {
  const header = headerOf(ciphertext)
  if (header === null) return false
  const sessions = Object.values((record as SessionRecord | undefined)?._sessions ?? {})
  return sessions.some(({ _chains }) => {
    const chain = _chains[header.ephemeralKey]
    if (chain === undefined) return false
    return chain.chainKey.counter >= header.counter && !(header.counter in chain.messageKeys)
  })
}

/** Version byte, then `WhisperMessage{1 ephemeralKey, 2 counter, …}`, then eight bytes of MAC. */
function headerOf(ciphertext: Uint8Array): { ephemeralKey: string; counter: number } | null {
  const bytes = Buffer.from(ciphertext)
  const [, keyTag, keyLength = 0] = bytes
  if (keyTag !== 0x0a || bytes[3 + keyLength] !== 0x10) return null
  let counter = 0
  for (let at = 4 + keyLength, shift = 0; at < bytes.length && shift < 35; at++, shift += 7) {
    const byte = bytes[at] ?? 0
    counter += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  return { ephemeralKey: bytes.subarray(3, 3 + keyLength).toString('base64'), counter }
}
