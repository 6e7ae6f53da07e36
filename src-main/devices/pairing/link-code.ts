import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'

/** WhatsApp gives no code, and the number of its error; null where it did not answer. */
export class LinkCodeRefused extends Error {
  readonly code: number | null

  constructor(code: number | null) {
    super(code === null ? 'WhatsApp did not answer' : `WhatsApp refused (${code})`)
    this.code = code
  }
}

/** Milliseconds that WhatsApp has to take a code. */
const timeoutMs = 10_000
const accepted = 'CB:iq,,link_code_companion_reg'
const refused = 'CB:iq,type:error'

/**
 * Asks for a code to type on the phone. Baileys makes it up by itself and hands it out before WhatsApp has answered;
 * a code that WhatsApp did not take works on no phone. Nothing else is asked while a device is being paired, so that
 * an error is this question's.
 *
 * @param number digits with country code
 * @returns eight characters that WhatsApp has taken
 * @throws LinkCodeRefused 400 for the number, the client's name or too many tries, 429 for too many tries
 */
export async function requestLinkCode(socket: WASocket, number: string): Promise<string> {
  const { ws } = socket
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const taken = (): void => resolve()
  const declined = (node: BinaryNode): void => reject(new LinkCodeRefused(errorCodeOf(node)))
  const timeout = setTimeout(() => reject(new LinkCodeRefused(null)), timeoutMs)
  ws.on(accepted, taken)
  ws.on(refused, declined)
  try {
    const [code] = await Promise.all([socket.requestPairingCode(number), promise])
    return code
  } finally {
    clearTimeout(timeout)
    ws.off(accepted, taken)
    ws.off(refused, declined)
  }
}

function errorCodeOf({ content }: BinaryNode): number {
  const error = Array.isArray(content) ? content.find(({ tag }) => tag === 'error') : undefined
  return Number(error?.attrs['code']) || 400
}
