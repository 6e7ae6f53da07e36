import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** No caller gives up sooner: one that was answered before has not run out of time. */
const minPatienceMs = 2_000
/**
 * A reset that comes later has another reason. It is much longer than a caller needs on a quiet machine: on one that is
 * overloaded, callers were seen to close their connections many seconds after their time had run out.
 */
const resetWithinMs = 30_000

/**
 * Answers that were written whole and that nobody read: the caller's time ran out just then. It closes its
 * connection with the answer still unread in its own machine, which therefore resets the connection instead
 * of ending it; whoever has read everything ends it, keeps it, or asks again on it.
 *
 * Some callers look at the status alone and leave the rest unread whenever they are answered. Only callers that
 * waited long count here, so that theirs stay told.
 */
export class UnreadResponses {
  readonly #written = new WeakMap<Socket, { at: number; clearAnswered: () => void }>()

  /** Another request on the connection: what was answered before was read. */
  asked(socket: Socket): void {
    this.#written.delete(socket)
  }

  /** @param unread called at most once, if the answer that was just written turns out to be unread */
  written(socket: Socket, arrivedAt: number, clearAnswered: () => void): void {
    if (mayHaveGivenUp(arrivedAt)) this.#written.set(socket, { at: performance.now(), clearAnswered })
  }

  /** The other side has reset the connection. */
  wasReset(socket: Socket): void {
    const written = this.#written.get(socket)
    this.#written.delete(socket)
    if (written !== undefined && performance.now() - written.at <= resetWithinMs) written.clearAnswered()
  }
}

/** Whether an answer comes so late that its caller is to be looked at first. */
export function mayHaveGivenUp(arrivedAt: number): boolean {
  return performance.now() - arrivedAt >= minPatienceMs
}

/**
 * To be awaited before an answer is written whose caller may have given up: what has arrived from there is looked at.
 * A caller that is gone is found gone then, rather than told.
 */
export async function checkCaller(socket: Socket): Promise<void> {
  lingerAtTheEnd(socket)
  // From any place in the event loop the second one is behind a whole look at all connections.
  await turn()
  await turn()
}

/** Node forgets a connection that is not kept once the answer is out, and would not learn that it is reset. */
function lingerAtTheEnd(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end()
    const timer = setTimeout(() => socket.destroy(), resetWithinMs)
    socket.once('close', () => clearTimeout(timer))
  }
}
