import type { proto } from '@whiskeysockets/baileys'
import type { Line } from './line.ts'
import { jidOf } from './numbers.ts'
import { node, seconds } from './nodes.ts'
import { beginPairing } from './pairing.ts'
import { closeFor, closeWith } from './stream-errors.ts'
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
  if (refused !== undefined) return refuse(line, world, refused.code)

  for (const other of world.lines.all()) if (other.companion === companion) closeWith(world, other, 440)
  line.companion = companion
  line.send(
    node('success', { t: seconds(world.now()), lid: jidOf(companion.number, companion.device, 'lid') }),
  )
  const ended = world.faults.take(companion.number, 'close', 'owed-ack')
  if (ended !== undefined) closeFor(world, line, ended)
}

function refuse(line: Line, world: World, code: number): void {
  line.end(node('failure', { reason: String(code), location: 'sandbox', t: seconds(world.now()) }))
}
