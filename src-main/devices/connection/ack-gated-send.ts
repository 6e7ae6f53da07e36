import type { Connection } from './connection.ts'
import type { Acknowledgement } from './acknowledgements.ts'
import { baileys } from '../baileys/baileys.ts'
import { handingOver } from '../baileys/hand-over.ts'
import type { HandOver } from '../baileys/hand-over.ts'
import type { Outgoing, SendOutcome } from './sending.ts'
import { sentenceOf } from '../../failure.ts'

/** Baileys answers a device query that timed out like one that found nobody. */
const tooSlowForAnAnswer = 9_500

/**
 * Sends one message and waits for the server's own acknowledgement, the end of the connection or the
 * deadline (milliseconds), whichever comes first. Never throws: every way it can go is an outcome.
 */
export async function sendGated(
  connection: Connection,
  outgoing: Outgoing,
  deadline: number,
): Promise<SendOutcome> {
  const handOver: HandOver = { mayHaveLeft: false }
  const { arrived, forget } = connection.acknowledgements.expect(outgoing.messageId)
  const timer = Promise.withResolvers<SendOutcome>()
  const timeout = setTimeout(() => timer.resolve(unknown('no acknowledgement in time')), deadline)
  try {
    const outcome = Promise.race([
      arrived.then((acknowledgement) => {
        const isStale = acknowledgement.devicesChanged || acknowledgement.error !== null
        if (isStale) connection.doubtDevices(outgoing.jid)
        return outcomeOf(acknowledgement, outgoing.jid)
      }),
      timer.promise,
      failureOf(connection, outgoing, handOver),
    ])
    return await connection.orItsEnd(outcome, () => afterTheEnd(handOver))
  } finally {
    clearTimeout(timeout)
    forget()
  }
}

/** Hands the message to Baileys; answers only when that failed, since success is the server's to tell. */
async function failureOf(
  connection: Connection,
  outgoing: Outgoing,
  handOver: HandOver,
): Promise<SendOutcome> {
  const missing = await handingOver(handOver, () => missingRecipient(connection, outgoing.jid))
  if (missing !== null) return missing
  const { proto } = baileys()
  const message = proto.Message.decode(outgoing.message)
  const { messageId, jid, written } = outgoing
  if (written !== undefined) connection.holdFrames(written)
  // Newsletters lie open: nothing is encrypted that would tell that it leaves.
  if (jid.endsWith('@newsletter')) handOver.mayHaveLeft = true
  try {
    await handingOver(handOver, () => connection.socket.relayMessage(jid, message, { messageId }))
  } catch (thrown) {
    return outcomeOfFailure(thrown, handOver)
  }
  return new Promise<never>(() => {})
}

/**
 * Baileys sends to nobody but the own phone when it learns of no device of the recipient, and calls that a
 * success. So the devices are asked for first, which fills the same cache.
 */
async function missingRecipient(connection: Connection, jid: string): Promise<SendOutcome | null> {
  if (jid.endsWith('@g.us')) return missingGroup(connection, jid)
  if (!isPerson(jid)) return null
  const began = performance.now()
  try {
    const devices = await connection.socket.getUSyncDevices([jid], true, false)
    if (devices.length > 0) return null
  } catch (thrown) {
    return { result: 'not_sent', reason: `the recipient's devices could not be asked for: ${say(thrown)}` }
  }
  if (performance.now() - began > tooSlowForAnAnswer) {
    return { result: 'not_sent', reason: 'WhatsApp did not say which devices the recipient has' }
  }
  return refused('no_recipient_device', 'WhatsApp named no device of the recipient.', null)
}

/** WhatsApp's answers that asking again does not change: bad, not authorised, forbidden, not found, gone. */
const finalAnswers: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 406, 410])

/** Without a group's members nothing can be encrypted for it; Baileys takes them from the same cache. */
async function missingGroup(connection: Connection, jid: string): Promise<SendOutcome | null> {
  try {
    await connection.groupMetadata(jid)
    return null
  } catch (thrown) {
    const code = thrown instanceof Error && 'data' in thrown ? thrown.data : null
    if (typeof code === 'number' && finalAnswers.has(code)) {
      return refused('refused_by_whatsapp', 'There is no such group, or this device is not in it.', code)
    }
    return { result: 'not_sent', reason: `the group's members could not be asked for: ${say(thrown)}` }
  }
}

function isPerson(jid: string): boolean {
  return jid.endsWith('@s.whatsapp.net') || jid.endsWith('@lid')
}

/** The server's word. 463 is its bar on writing to that contact, or to new ones at all. */
export function outcomeOf({ error, at }: Acknowledgement, jid: string, now = Date.now): SendOutcome {
  if (error === null) return { result: 'acknowledged', at: at ?? now() }
  if (error === 463) {
    return refused('contact_locked', 'WhatsApp does not let this account write to that contact yet.', error)
  }
  const unknown = jid.endsWith('@newsletter') && finalAnswers.has(error)
  const reason = unknown
    ? 'There is no such newsletter, or this device may not write in it'
    : 'WhatsApp refused the message'
  return refused('refused_by_whatsapp', `${reason} (${error}).`, error)
}

function afterTheEnd({ mayHaveLeft }: HandOver): SendOutcome {
  return mayHaveLeft
    ? unknown('the connection ended before the acknowledgement')
    : { result: 'not_sent', reason: 'the connection ended before the message left' }
}

/**
 * What a rejection of Baileys means: an Error, a Boom or a bare close code. Nothing has left before
 * something was encrypted for it.
 */
export function outcomeOfFailure(thrown: unknown, { mayHaveLeft }: HandOver): SendOutcome {
  if (thrown instanceof Error && thrown.message === 'All encryptions failed') {
    return refused(
      'encryption_failed',
      'The message could not be encrypted for any device of the recipient.',
      null,
    )
  }
  return mayHaveLeft ? unknown(say(thrown)) : { result: 'not_sent', reason: say(thrown) }
}

function say(thrown: unknown): string {
  return typeof thrown === 'number' ? `the line closed (${thrown})` : sentenceOf(thrown)
}

function unknown(reason: string): SendOutcome {
  return { result: 'unknown', reason }
}

function refused(
  code: Extract<SendOutcome, { result: 'refused' }>['code'],
  reason: string,
  whatsappCode: number | null,
): SendOutcome {
  return { result: 'refused', code, reason, whatsappCode }
}
