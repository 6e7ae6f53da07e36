import type { WebSocket } from 'ws'
import type { SessionKeys } from './session-key-store.ts'

type Sent = (error?: Error) => void

/**
 * Lets no frame leave before the session keys that it depends on are on the disk. Frames keep their order:
 * their encryption counts them. Where nothing waits to be saved a frame passes straight through.
 *
 * A frame whose keys could not be saved fails like one that could not be written, and has not left.
 */
export function gateFrames(socket: WebSocket, keys: SessionKeys): void {
  const write = socket.send.bind(socket) as (data: Uint8Array, sent?: Sent) => void
  const waiting: { data: Uint8Array; sent: Sent | undefined }[] = []
  let emptying = false

  const empty = async (): Promise<void> => {
    emptying = true
    while (waiting.length > 0) {
      const error = await saveError(keys)
      const frame = waiting.shift()
      if (frame === undefined) break
      if (error === null) write(frame.data, frame.sent)
      else frame.sent?.(error)
    }
    emptying = false
  }

  socket.send = ((data: Uint8Array, sent?: Sent): void => {
    if (!emptying && keys.allSaved) {
      write(data, sent)
      return
    }
    waiting.push({ data, sent })
    if (!emptying) void empty()
  }) as typeof socket.send
}

async function saveError(keys: SessionKeys): Promise<Error | null> {
  try {
    await keys.saved()
    return null
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error('session keys were not saved')
  }
}
