import { sentenceOf } from '../failure.ts'
import type { Companion } from './companions.ts'
import type { Bundle } from './endpoint.ts'
import { bundleNodes } from './key-queries.ts'
import { bigEndian, node, seconds } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import type { Participant } from './participants.ts'
import type { World } from './world.ts'

/** A phone asks that often for one message. */
const mostRetries = 5
const countsKept = 1000
const counts = new WeakMap<World, Map<string, number>>()

/** Devices that could not read a message ask for it again, and send their keys along. */
export function askAgain(world: World, sender: Companion, stanza: BinaryNode, failed: Participant[]): void {
  ask(world, sender, stanza, failed).catch((thrown: unknown) =>
    world.reports.add('undecryptable', sender.number, `and cannot ask again: ${sentenceOf(thrown)}`),
  )
}

async function ask(
  world: World,
  sender: Companion,
  stanza: BinaryNode,
  failed: Participant[],
): Promise<void> {
  for (const participant of failed) {
    const endpoint = await world.contacts.endpoint(participant.address.number, participant.address.device)
    const count = countRetry(world, `${sender.number}|${stanza.attrs['id']}|${participant.jid}`)
    if (endpoint === null || count > mostRetries) continue
    const bundle = await world.contacts.bundle(endpoint)
    world.lines.of(sender)?.send(retryReceipt(world, sender, stanza, participant, bundle, count))
  }
}

function retryReceipt(
  world: World,
  sender: Companion,
  stanza: BinaryNode,
  participant: Participant,
  bundle: Bundle,
  count: number,
): BinaryNode {
  const id = stanza.attrs['id'] ?? ''
  const t = seconds(world.now())
  const group = stanza.attrs['to']?.endsWith('@g.us') === true
  const own = participant.address.number === sender.number
  const [registration, ...keys] = bundleNodes(bundle)
  return node(
    'receipt',
    {
      id,
      from: group ? stanza.attrs['to'] : participant.jid,
      participant: group ? participant.jid : undefined,
      recipient: own && !group ? stanza.attrs['to'] : undefined,
      type: 'retry',
      t,
    },
    [
      node('retry', { count: String(count), id, t, v: '1' }),
      registration ?? node('registration', {}, bigEndian(0, 4)),
      node('keys', {}, keys),
    ],
  )
}

function countRetry(world: World, key: string): number {
  const counted = counts.get(world) ?? new Map<string, number>()
  counts.set(world, counted)
  const count = (counted.get(key) ?? 0) + 1
  counted.set(key, count)
  const [oldest] = counted.keys()
  if (counted.size > countsKept && oldest !== undefined) counted.delete(oldest)
  return count
}
