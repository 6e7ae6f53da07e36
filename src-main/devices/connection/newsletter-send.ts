import type { HandOver } from '../baileys/hand-over.ts'
import type { Connection } from './connection.ts'
import { relay } from './relay.ts'
import type { Outgoing, SendOutcome } from './sending.ts'

/** Hands a message to a newsletter over. Nothing is encrypted, so it may have left as soon as that begins. */
export function sendToNewsletter(
  connection: Connection,
  outgoing: Outgoing,
  handOver: HandOver,
): Promise<SendOutcome | null> {
  handOver.mayHaveLeft = true
  return relay(connection, outgoing, handOver)
}
