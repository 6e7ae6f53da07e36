import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { AnswerOf, Call, Outcome, RequestOf } from '../../src-preload/contract.ts'

/** A page of the operator's window, without the page: calls over the socket that the window's server has. */
export interface Bridge {
  call<Name extends Call>(name: Name, request: RequestOf<Name>): Promise<Outcome<AnswerOf<Name>>>
  /** Hands a file over in parts, as a page does. Answers the upload's id. */
  upload(content: Buffer): Promise<string>
  close(): void
}

/** @param address of the window with its token, as the ready file has it */
export async function openBridge(address: string): Promise<Bridge> {
  const { host, origin, hash } = new URL(address)
  const socket = new WebSocket(`ws://${host}/bridge`, { headers: { origin } })
  const waiting = new Map<number, (outcome: unknown) => void>()
  await once(socket, 'open')
  const ready = once(socket, 'message')
  socket.send(JSON.stringify({ token: hash.slice('#token='.length) }))
  await ready
  socket.on('message', (data: Buffer) => {
    const { id, outcome } = JSON.parse(data.toString()) as { id?: number; outcome?: unknown }
    if (id === undefined) return
    waiting.get(id)?.(outcome)
    waiting.delete(id)
  })
  let last = 0
  const call: Bridge['call'] = (name, request) =>
    new Promise((resolve) => {
      const id = ++last
      waiting.set(id, resolve as (outcome: unknown) => void)
      socket.send(JSON.stringify({ id, call: name, request }))
    })
  return {
    call,
    async upload(content) {
      const { uploadId } = valueOf(
        await call('uploads.begin', { fileName: 'backup', mimeType: '', bytes: content.length }),
      )
      for (let at = 0; at < content.length; at += partBytes) {
        const base64 = content.subarray(at, at + partBytes).toString('base64')
        valueOf(await call('uploads.part', { uploadId, base64 }))
      }
      valueOf(await call('uploads.finish', { uploadId }))
      return uploadId
    },
    close: () => socket.close(),
  }
}

const partBytes = 393_216

/** @throws Error with the failure of a call that failed */
export function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value
  throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
}
