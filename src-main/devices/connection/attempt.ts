import type { HandOver } from '../baileys/hand-over.ts'
import type { Acknowledgement } from './acknowledgements.ts'
import type { Connection } from './connection.ts'
import { outcomeOf, unknown } from './send-outcome.ts'
import type { Outgoing, SendOutcome } from './sending.ts'

/** Hands a message over; null once it was handed over, else why it was not. */
export type HandOverWay = (
  connection: Connection,
  outgoing: Outgoing,
  handOver: HandOver,
) => Promise<SendOutcome | null>

export interface Attempt {
  outcome: SendOutcome
  /** The server's own word, where it came. */
  acknowledgement: Acknowledgement | null
}

/**
 * Hands one message over, once, and waits for the server's own acknowledgement, the end of the connection or the
 * deadline, whichever comes first. Never throws: every way it can go is an outcome.
 */
export async function attempt(
  connection: Connection,
  outgoing: Outgoing,
  deadlineMs: number,
  way: HandOverWay,
): Promise<Attempt> {
  const handOver: HandOver = { mayHaveLeft: false }
  const { arrived, forget } = connection.acknowledgements.expect(outgoing.messageId)
  const timer = Promise.withResolvers<Attempt>()
  const timeout = setTimeout(() => timer.resolve(without(unknown('no acknowledgement in time'))), deadlineMs)
  try {
    const outcome = Promise.race([
      arrived.then((acknowledgement): Attempt => {
        const isStale = acknowledgement.devicesChanged || acknowledgement.error !== null
        if (isStale) connection.doubtDevices(outgoing.jid, acknowledgement.devicesChanged)
        return { outcome: outcomeOf(acknowledgement, outgoing.jid), acknowledgement }
      }),
      timer.promise,
      failureOf(connection, outgoing, handOver, way),
    ])
    return await connection.orItsEnd(outcome, () => without(afterTheEnd(handOver)))
  } finally {
    clearTimeout(timeout)
    forget()
  }
}

/** Resolves only when handing over failed, since success is the server's to tell. */
async function failureOf(
  connection: Connection,
  outgoing: Outgoing,
  handOver: HandOver,
  way: HandOverWay,
): Promise<Attempt> {
  const failure = await way(connection, outgoing, handOver)
  return failure === null ? new Promise<never>(() => {}) : without(failure)
}

function afterTheEnd({ mayHaveLeft }: HandOver): SendOutcome {
  return mayHaveLeft
    ? unknown('the connection ended before the acknowledgement')
    : { result: 'not_sent', reason: 'the connection ended before the message left' }
}

function without(outcome: SendOutcome): Attempt {
  return { outcome, acknowledgement: null }
}
