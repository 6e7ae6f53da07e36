import { handingOver } from '../baileys/hand-over.ts'
import type { HandOver } from '../baileys/hand-over.ts'
import type { Connection } from './connection.ts'
import { relay } from './relay.ts'
import type { Outgoing, SendOutcome } from './sending.ts'
import { describeError, refused } from './send-outcome.ts'

/** Baileys answers a device query that timed out like one that found nobody. */
const deviceQueryTimeoutMs = 9_500

/** Hands a message to one person over; null once it was handed over, else why it was not. */
export async function sendToPerson(
  connection: Connection,
  outgoing: Outgoing,
  handOver: HandOver,
): Promise<SendOutcome | null> {
  const missing = await handingOver(handOver, () => missingRecipient(connection, outgoing.jid))
  return missing ?? relay(connection, outgoing, handOver)
}

/**
 * Baileys sends to nobody but the own phone when it learns of no device of the recipient, and calls that a
 * success. So the devices are asked for first, which fills the same cache.
 */
async function missingRecipient(connection: Connection, jid: string): Promise<SendOutcome | null> {
  const startedAt = performance.now()
  try {
    const devices = await connection.socket.getUSyncDevices([jid], true, false)
    if (devices.length > 0) return null
  } catch (error) {
    const reason = `the recipient's devices could not be asked for: ${describeError(error)}`
    return { result: 'not_sent', reason }
  }
  if (performance.now() - startedAt > deviceQueryTimeoutMs) {
    return { result: 'not_sent', reason: 'WhatsApp did not say which devices the recipient has' }
  }
  return refused('no_recipient_device', 'WhatsApp named no device of the recipient.', null)
}
