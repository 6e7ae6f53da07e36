import { attempt } from './send-attempt.ts'
import type { Connection } from '../connection.ts'
import { sendToGroup } from '../groups/group-send.ts'
import { sendToNewsletter } from '../groups/newsletter-send.ts'
import { sendToPerson } from './person-send.ts'
import type { Outgoing, SendOutcome } from './outgoing.ts'

/**
 * How long the devices and keys of a group's members may take before its message is handed over: the server's word on the
 * message itself has the ordinary deadline, from then on.
 */
const groupPreparationMs = 90_000

/**
 * WhatsApp's word that what a message names is old, and that it may come again under the same id: 421
 * StaleGroupAddressingMode (nanocoai/nanoclaw issue 2688), 479 SmaxInvalid. Members and devices are asked for anew
 * before; never more than once.
 */
const staleCodes: ReadonlySet<number | null> = new Set([421, 479])

/**
 * Sends one message and waits for the server's own acknowledgement, the end of the connection or the
 * deadline, whichever comes first. Never throws: every way it can go is an outcome.
 */
export async function sendGated(
  connection: Connection,
  outgoing: Outgoing,
  deadlineMs: number,
): Promise<SendOutcome> {
  if (outgoing.jid.endsWith('@newsletter')) {
    return (await attempt(connection, outgoing, deadlineMs, sendToNewsletter)).outcome
  }
  const first = await send(connection, outgoing, deadlineMs)
  if (first.result !== 'refused' || !staleCodes.has(first.whatsappCode)) return first
  connection.forgetRecipient(outgoing.jid)
  const { written: _onDisk, ...again } = outgoing
  return send(connection, again, deadlineMs)
}

async function send(connection: Connection, outgoing: Outgoing, deadlineMs: number): Promise<SendOutcome> {
  if (!outgoing.jid.endsWith('@g.us')) return sendToPerson(connection, outgoing, deadlineMs)
  return (await attempt(connection, outgoing, deadlineMs, sendToGroup, groupPreparationMs)).outcome
}
