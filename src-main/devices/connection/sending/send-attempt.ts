import { newSendContext } from '../../baileys/outbound/send-context.ts'
import type { SendContext } from '../../baileys/outbound/send-context.ts'
import type { Acknowledgement } from './acknowledgements.ts'
import type { Connection } from '../connection.ts'
import { outcomeOf, unknown } from './send-outcome.ts'
import type { Outgoing, SendOutcome } from './outgoing.ts'

/** Hands a message over; null once it was handed over, else why it was not. */
export type SendPath = (
  connection: Connection,
  outgoing: Outgoing,
  sendContext: SendContext,
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
  way: SendPath,
  preparationMs = 0,
): Promise<Attempt> {
  const sendContext = newSendContext()
  const { arrived, forget } = connection.acknowledgements.expect(outgoing.messageId)
  const deadline = startDeadline(deadlineMs, preparationMs)
  try {
    const outcome = Promise.race([
      arrived.then((acknowledgement) => settle(connection, outgoing, sendContext, acknowledgement)),
      deadline.passed,
      failureOf(connection, outgoing, sendContext, way, deadline.dispatched),
    ])
    return await connection.raceWithClose(outcome, () => without(afterTheEnd(sendContext)))
  } finally {
    deadline.clear()
    forget()
  }
}

async function settle(
  connection: Connection,
  { jid }: Outgoing,
  sendContext: SendContext,
  acknowledgement: Acknowledgement,
): Promise<Attempt> {
  const { error, phash } = acknowledgement
  const devicesChanged = phash !== null && phash !== sendContext.phash
  if (devicesChanged || error !== null) connection.invalidateDeviceList(jid, devicesChanged)
  if (error === null && jid.endsWith('@g.us')) {
    await connection.groups.noteSenderKeyHolders(jid, sendContext.reached).catch(() => {
      // The keys were not saved, which ends the connection: the members get the key once more.
    })
  }
  return { outcome: outcomeOf(acknowledgement, jid), acknowledgement }
}

/** Resolves only when handing over failed, since success is the server's to tell. */
async function failureOf(
  connection: Connection,
  outgoing: Outgoing,
  sendContext: SendContext,
  way: SendPath,
  dispatched: () => void,
): Promise<Attempt> {
  const failure = await way(connection, outgoing, sendContext)
  dispatched()
  return failure === null ? new Promise<never>(() => {}) : without(failure)
}

/** A deadline from now on, later by a preparation that ends when `dispatched` is called. */
function startDeadline(
  deadlineMs: number,
  preparationMs: number,
): { passed: Promise<Attempt>; dispatched: () => void; clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<Attempt>()
  const pass = (): void => resolve(without(unknown('no acknowledgement in time')))
  let timeout = setTimeout(pass, deadlineMs + preparationMs)
  let isOver = false
  const clear = (): void => {
    isOver = true
    clearTimeout(timeout)
  }
  const dispatched = (): void => {
    if (preparationMs === 0 || isOver) return
    clearTimeout(timeout)
    timeout = setTimeout(pass, deadlineMs)
  }
  return { passed: promise, dispatched, clear }
}

function afterTheEnd({ mayHaveLeft }: SendContext): SendOutcome {
  return mayHaveLeft
    ? unknown('the connection ended before the acknowledgement')
    : { result: 'not_sent', reason: 'the connection ended before the message left' }
}

function without(outcome: SendOutcome): Attempt {
  return { outcome, acknowledgement: null }
}
