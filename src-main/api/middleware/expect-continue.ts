import type { IncomingMessage, ServerResponse } from 'node:http'

/** What sends `100 Continue` for requests whose callers wait for it before they send their body. */
const waiting = new WeakMap<IncomingMessage, () => void>()

/** A request came with `Expect: 100-continue`: its body is asked for once it is to be read. */
export function noteExpectation(request: IncomingMessage, response: ServerResponse): void {
  waiting.set(request, () => response.writeContinue())
}

export function askForBody(request: IncomingMessage): void {
  waiting.get(request)?.()
  waiting.delete(request)
}

/** Whether the caller still waits for leave to send its body, and may never send it. */
export function isWaitingToSend(request: IncomingMessage): boolean {
  return waiting.has(request)
}
