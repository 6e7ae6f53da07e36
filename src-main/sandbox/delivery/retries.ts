import { sentenceOf } from '../../lib/failure.ts'
import type { Companion } from '../accounts/companions.ts'
import type { Bundle } from '../chats/signal-endpoint.ts'
import { bundleNodes } from '../accounts/key-queries.ts'
import { bigEndian, node, seconds } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { Participant } from './participants.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** A phone asks that often for one message. */
const maxRetries = 5
const countsKept = 1000
const counts = new WeakMap<SandboxContext, Map<string, number>>()

/** Devices that could not read a message ask for it again, and send their keys along. */
export function askAgain(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  failed: Participant[],
): void {
  ask(context, sender, stanza, failed).catch((error: unknown) =>
    context.reports.add('undecryptable', sender.number, `and cannot ask again: ${sentenceOf(error)}`),
  )
}

async function ask(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  failed: Participant[],
): Promise<void> {
  for (const participant of failed) {
    const endpoint = await context.contacts.endpoint(participant.address.number, participant.address.device)
    const count = countRetry(context, `${sender.number}|${stanza.attrs['id']}|${participant.jid}`)
    if (endpoint === null || count > maxRetries) continue
    const bundle = await context.contacts.bundle(endpoint)
    context.lines.of(sender)?.send(retryReceipt(context, sender, stanza, participant, bundle, count))
  }
}

function retryReceipt(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  participant: Participant,
  bundle: Bundle,
  count: number,
): BinaryNode {
  const id = stanza.attrs['id'] ?? ''
  const t = seconds(context.now())
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

function countRetry(context: SandboxContext, key: string): number {
  const counted = counts.get(context) ?? new Map<string, number>()
  counts.set(context, counted)
  const count = (counted.get(key) ?? 0) + 1
  counted.set(key, count)
  const [oldest] = counted.keys()
  if (counted.size > countsKept && oldest !== undefined) counted.delete(oldest)
  return count
}
