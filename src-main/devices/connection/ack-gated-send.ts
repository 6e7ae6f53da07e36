import { attempt } from './attempt.ts'
import type { Connection } from './connection.ts'
import { sendToGroup } from './group-send.ts'
import { sendToNewsletter } from './newsletter-send.ts'
import { sendToPerson } from './person-send.ts'
import type { Outgoing, SendOutcome } from './sending.ts'

/**
 * Sends one message and waits for the server's own acknowledgement, the end of the connection or the
 * deadline, whichever comes first. Never throws: every way it can go is an outcome.
 */
export async function sendGated(
  connection: Connection,
  outgoing: Outgoing,
  deadlineMs: number,
): Promise<SendOutcome> {
  const { jid } = outgoing
  if (jid.endsWith('@g.us')) return (await attempt(connection, outgoing, deadlineMs, sendToGroup)).outcome
  if (jid.endsWith('@newsletter')) {
    return (await attempt(connection, outgoing, deadlineMs, sendToNewsletter)).outcome
  }
  return sendToPerson(connection, outgoing, deadlineMs)
}
