import { newHandOver } from '../baileys/hand-over.ts'
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
 *
 * @param preparationMs how much longer it may take until the message is handed over; the deadline begins then
 */
export async function attempt(
  connection: Connection,
  outgoing: Outgoing,
  deadlineMs: number,
  way: HandOverWay,
  preparationMs = 0,
): Promise<Attempt> {
  const handOver = newHandOver()
  const { arrived, forget } = connection.acknowledgements.expect(outgoing.messageId)
  const deadline = startDeadline(deadlineMs, preparationMs)
  try {
    const outcome = Promise.race([
      arrived.then((acknowledgement) => settle(connection, outgoing, handOver, acknowledgement)),
      deadline.passed,
      failureOf(connection, outgoing, handOver, way, deadline.handedOver),
    ])
    return await connection.orItsEnd(outcome, () => without(afterTheEnd(handOver)))
  } finally {
    deadline.clear()
    forget()
  }
}

async function settle(
  connection: Connection,
  { jid }: Outgoing,
  handOver: HandOver,
  acknowledgement: Acknowledgement,
): Promise<Attempt> {
  const { error, phash } = acknowledgement
  const devicesChanged = phash !== null && phash !== handOver.phash
  if (devicesChanged || error !== null) connection.doubtDevices(jid, devicesChanged)
  if (error === null && jid.endsWith('@g.us')) {
    await connection.groups.noteSenderKeyHolders(jid, handOver.reached).catch(() => {
      // The keys were not saved, which ends the connection: the members get the key once more.
    })
  }
  return { outcome: outcomeOf(acknowledgement, jid), acknowledgement }
}

/** Resolves only when handing over failed, since success is the server's to tell. */
async function failureOf(
  connection: Connection,
  outgoing: Outgoing,
  handOver: HandOver,
  way: HandOverWay,
  handedOver: () => void,
): Promise<Attempt> {
  const failure = await way(connection, outgoing, handOver)
  handedOver()
  return failure === null ? new Promise<never>(() => {}) : without(failure)
}

/** A deadline from now on, later by a preparation that ends when `handedOver` is called. */
function startDeadline(
  deadlineMs: number,
  preparationMs: number,
): { passed: Promise<Attempt>; handedOver: () => void; clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<Attempt>()
  const pass = (): void => resolve(without(unknown('no acknowledgement in time')))
  let timeout = setTimeout(pass, deadlineMs + preparationMs)
  let isOver = false
  const clear = (): void => {
    isOver = true
    clearTimeout(timeout)
  }
  const handedOver = (): void => {
    if (preparationMs === 0 || isOver) return
    clearTimeout(timeout)
    timeout = setTimeout(pass, deadlineMs)
  }
  return { passed: promise, handedOver, clear }
}

function afterTheEnd({ mayHaveLeft }: HandOver): SendOutcome {
  return mayHaveLeft
    ? unknown('the connection ended before the acknowledgement')
    : { result: 'not_sent', reason: 'the connection ended before the message left' }
}

function without(outcome: SendOutcome): Attempt {
  return { outcome, acknowledgement: null }
}
