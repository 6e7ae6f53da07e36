import { once } from 'node:events'
import { WebSocket } from 'ws'

/** The window's own way to a program that runs without a desktop. */
export interface WindowBridge {
  /** Makes a call as the window does; answers its value. An error with the answer where it is refused. */
  call(name: string, request: object): Promise<unknown>
  close(): void
}

interface Frame {
  ready?: true
  id?: number
  outcome?: { ok: boolean; value: unknown }
}

/** @param address of the window, as the ready file names it, with its token */
export async function openWindowBridge(address: string): Promise<WindowBridge> {
  const { host, origin, hash } = new URL(address)
  const socket = new WebSocket(`ws://${host}/bridge`, { headers: { origin } })
  const waiting = new Map<number, (frame: Frame) => void>()
  const ready = Promise.withResolvers<void>()
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Frame
    if (frame.ready === true) ready.resolve()
    if (frame.id !== undefined && frame.outcome !== undefined) waiting.get(frame.id)?.(frame)
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ token: hash.slice('#token='.length) }))
  await ready.promise
  let calls = 0
  return {
    call: async (name, request) => {
      const id = ++calls
      const answered = new Promise<Frame>((resolve) => waiting.set(id, resolve))
      socket.send(JSON.stringify({ id, call: name, request }))
      const { outcome } = await answered
      waiting.delete(id)
      if (outcome?.ok !== true) throw new Error(`${name}: ${JSON.stringify(outcome)}`)
      return outcome.value
    },
    close: () => socket.close(),
  }
}
