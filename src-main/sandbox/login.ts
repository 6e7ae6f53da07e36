import type { proto } from '@whiskeysockets/baileys'
import { assertNever } from '../failure.ts'
import type { Fault } from './faults.ts'
import type { Line } from './line.ts'
import { jidOf } from './numbers.ts'
import { node, seconds } from './nodes.ts'
import { beginPairing } from './pairing.ts'
import { closeWith, closeWithChild, sendBadFrame, sendBadStanza } from './stream-errors.ts'
import type { World } from './world.ts'

/** Lets a client in, or not: a new one to pair, or a companion by its static key. */
export function admit(world: World, line: Line, payload: proto.ClientPayload): void {
  if (payload.devicePairingData) beginPairing(world, line, payload.devicePairingData)
  else logIn(world, line, payload)
}

function logIn(world: World, line: Line, payload: proto.ClientPayload): void {
  const companion = world.companions.byNoiseKey(line.staticKey)
  const username = String(payload.username ?? '')
  if (companion === undefined) {
    world.reports.add('login_unknown', username, 'nobody is registered with that static key')
    return refuse(line, world, 401)
  }
  if (companion.number !== username || companion.device !== (payload.device ?? 0)) {
    world.reports.add('login_unknown', username, 'the static key belongs to another device')
    return refuse(line, world, 401)
  }
  const refused = world.faults.take(companion.number, 'login-failure')
  if (refused !== undefined) return refuse(line, world, refused.code, refused)

  for (const other of world.lines.all()) if (other.companion === companion) closeWith(world, other, 440)
  line.companion = companion
  line.send(
    node('success', { t: seconds(world.now()), lid: jidOf(companion.number, companion.device, 'lid') }),
  )
  const fault = world.faults.take(companion.number, 'close', 'stream-error', 'bad-frame', 'bad-stanza')
  if (fault !== undefined) disturb(world, line, fault)
}

/** Faults that an open connection has at once. */
export type Disturbance = Extract<Fault, { kind: 'close' | 'stream-error' | 'bad-frame' | 'bad-stanza' }>

export function isDisturbance(fault: Fault): fault is Disturbance {
  return ['close', 'stream-error', 'bad-frame', 'bad-stanza'].includes(fault.kind)
}

export function disturb(world: World, line: Line, fault: Disturbance): void {
  switch (fault.kind) {
    case 'close':
      return closeWith(world, line, fault.code)
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

function refuse(line: Line, world: World, code: number, why: { ban?: number; seconds?: number } = {}): void {
  const ban = code === 402 ? { code: String(why.ban ?? 101), expire: String(why.seconds ?? 3_600) } : {}
  line.end(node('failure', { reason: String(code), location: 'sandbox', ...ban, t: seconds(world.now()) }))
}
