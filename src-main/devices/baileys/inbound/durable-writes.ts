import type { WebSocket } from 'ws'
import { currentSendContext } from '../outbound/send-context.ts'
import type { SendContext } from '../outbound/send-context.ts'
import type { SessionKeys } from '../../session-keys/session-key-store.ts'

type Sent = (error?: Error) => void

/** Why frames could not be written, to be told from defects where nobody waits for such a frame. */
const frameFailures = new WeakSet<Error>()

export function isOfAFrame(reason: Error): boolean {
  return frameFailures.has(reason)
}

/** In front of a WebSocket's own `send`. */
export interface DurableWrites {
  /**
   * No frame that comes from now on leaves before that is kept; it is asked for when the first one comes, so that
   * it shares a commit with the session keys.
   */
  hold(written: () => Promise<void>): void
}

/**
 * Lets no frame leave before the session keys that it depends on are on the disk, and what else it was held for.
 * Frames keep their order: their encryption counts them. Where nothing waits to be saved a frame passes straight
 * through.
 *
 * A frame that something could not be saved for fails like one that could not be written, and has not left. None
 * that comes after it could be read any more: `lost` is called, once, to end the connection.
 */
export function holdFramesUntilWritten(
  socket: WebSocket,
  keys: SessionKeys,
  lost: () => void,
): DurableWrites {
  const write = socket.send.bind(socket) as (data: Uint8Array, sent?: Sent) => void
  const waiting: { data: Uint8Array; sent: Sent | undefined; sendContext: SendContext | undefined }[] = []
  let holds: (() => Promise<void>)[] = []
  let emptying = false
  let broken: Error | null = null

  const save = async (): Promise<void> => {
    const held = holds
    holds = []
    try {
      await Promise.all([keys.saved(), ...held.map((written) => written())])
    } catch (error) {
      if (broken !== null) return
      broken = error instanceof Error ? error : new Error('what a frame depends on was not saved')
      lost()
    }
  }

  const empty = async (): Promise<void> => {
    emptying = true
    while (waiting.length > 0) {
      await save()
      const frame = waiting.shift()
      if (frame === undefined) break
      if (broken === null) {
        noteLeaving(frame.sendContext)
        write(frame.data, frame.sent)
      } else frame.sent?.(broken)
    }
    emptying = false
  }

  socket.send = ((data: Uint8Array, asked?: Sent): void => {
    const sent = asked === undefined ? undefined : notingFailure(asked)
    const sendContext = currentSendContext()
    if (!emptying && broken === null && holds.length === 0 && keys.allSaved) {
      noteLeaving(sendContext)
      write(data, sent)
      return
    }
    waiting.push({ data, sent, sendContext })
    if (!emptying) void empty()
  }) as typeof socket.send

  return { hold: (written) => void holds.push(written) }
}

/** Once a message is encrypted, what leaves next for it is the message itself. */
function noteLeaving(sendContext: SendContext | undefined): void {
  if (sendContext?.isEncrypted === true) sendContext.mayHaveLeft = true
}

function notingFailure(sent: Sent): Sent {
  return (error) => {
    // A stream says null where nothing failed.
    if (error instanceof Error) frameFailures.add(error)
    sent(error)
  }
}
