import type { Outcome } from './contract.ts'

/**
 * What goes over the headless window's WebSocket (`/ipc` on the window's own port), each message one JSON
 * text. The first message of a page is its token; a wrong or late one closes the socket with
 * `tokenRefused`, after which the page asks for a new address instead of trying again.
 */
export type ToMain = { kind: 'token'; token: string } | { kind: 'call'; id: number; call: string; request: unknown }

export type ToWindow =
  | { kind: 'welcome' }
  /** The answer to the call of that id. */
  | { kind: 'answer'; id: number; outcome: Outcome<unknown> }
  | { kind: 'event'; event: string; payload: unknown }

/** WebSocket close codes of this protocol (4000–4999 are free for applications, RFC 6455 §7.4.2). */
export const closeCodes = {
  /** The token is not this run's. */
  tokenRefused: 4401,
  /** A message that is not of the protocol. */
  malformed: 4400,
} as const
