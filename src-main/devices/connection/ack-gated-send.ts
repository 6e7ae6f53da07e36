import type { HandOver } from '../baileys/hand-over.ts'
import type { Connection } from './connection.ts'
import { sendToGroup } from './group-send.ts'
import { sendToNewsletter } from './newsletter-send.ts'
import { sendToPerson } from './person-send.ts'
import { outcomeOf, unknown } from './send-outcome.ts'
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
  const handOver: HandOver = { mayHaveLeft: false }
  const { arrived, forget } = connection.acknowledgements.expect(outgoing.messageId)
  const timer = Promise.withResolvers<SendOutcome>()
  const timeout = setTimeout(() => timer.resolve(unknown('no acknowledgement in time')), deadlineMs)
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

/** Hands the message over; resolves only when that failed, since success is the server's to tell. */
async function failureOf(
  connection: Connection,
  outgoing: Outgoing,
  handOver: HandOver,
): Promise<SendOutcome> {
  const { jid } = outgoing
  const send = jid.endsWith('@g.us')
    ? sendToGroup
    : jid.endsWith('@newsletter')
      ? sendToNewsletter
      : sendToPerson
  return (await send(connection, outgoing, handOver)) ?? new Promise<never>(() => {})
}

function afterTheEnd({ mayHaveLeft }: HandOver): SendOutcome {
  return mayHaveLeft
    ? unknown('the connection ended before the acknowledgement')
    : { result: 'not_sent', reason: 'the connection ended before the message left' }
}
