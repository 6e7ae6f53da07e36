import type { proto } from '@whiskeysockets/baileys'
import { assertNever } from '../../lib/failure.ts'
import type { Fault } from '../control/faults.ts'
import type { ClientConnection } from './client-connection.ts'
import { jidOf } from '../accounts/sandbox-numbers.ts'
import { node, seconds } from './nodes.ts'
import { beginPairing } from '../accounts/sandbox-pairing.ts'
import { closeWith, closeWithChild, sendBadFrame, sendBadStanza } from './stream-errors.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Lets a client in, or not: a new one to pair, or a companion by its static key. */
export function acceptLogin(
  context: SandboxContext,
  line: ClientConnection,
  payload: proto.ClientPayload,
): void {
  if (payload.devicePairingData) beginPairing(context, line, payload.devicePairingData)
  else logIn(context, line, payload)
}

function logIn(context: SandboxContext, line: ClientConnection, payload: proto.ClientPayload): void {
  const companion = context.companions.byNoiseKey(line.staticKey)
  const username = String(payload.username ?? '')
  if (companion === undefined) {
    context.reports.add('login_unknown', username, 'nobody is registered with that static key')
    return refuse(line, context, 401)
  }
  if (companion.number !== username || companion.device !== (payload.device ?? 0)) {
    context.reports.add('login_unknown', username, 'the static key belongs to another device')
    return refuse(line, context, 401)
  }
  const refused = context.faults.take(companion.number, 'login-failure')
  if (refused !== undefined) return refuse(line, context, refused.code, refused)

  for (const other of context.lines.all()) if (other.companion === companion) closeWith(context, other, 440)
  line.companion = companion
  line.send(
    node('success', { t: seconds(context.now()), lid: jidOf(companion.number, companion.device, 'lid') }),
  )
  const fault = context.faults.take(companion.number, 'close', 'stream-error', 'bad-frame', 'bad-stanza')
  if (fault !== undefined) disturb(context, line, fault)
}

/** Faults that an open connection has at once. */
export type Disturbance = Extract<Fault, { kind: 'close' | 'stream-error' | 'bad-frame' | 'bad-stanza' }>

export function isDisturbance(fault: Fault): fault is Disturbance {
  return ['close', 'stream-error', 'bad-frame', 'bad-stanza'].includes(fault.kind)
}

export function disturb(context: SandboxContext, line: ClientConnection, fault: Disturbance): void {
  switch (fault.kind) {
    case 'close':
      return closeWith(context, line, fault.code)
    case 'stream-error':
      return closeWithChild(line, fault.child)
    case 'bad-frame':
      return sendBadFrame(line)
    case 'bad-stanza':
      return sendBadStanza(line)
    default:
      return assertNever(fault)
  }
}

function refuse(
  line: ClientConnection,
  context: SandboxContext,
  code: number,
  why: { ban?: number; seconds?: number } = {},
): void {
  const ban = code === 402 ? { code: String(why.ban ?? 101), expire: String(why.seconds ?? 3_600) } : {}
  line.end(node('failure', { reason: String(code), location: 'sandbox', ...ban, t: seconds(context.now()) }))
}
