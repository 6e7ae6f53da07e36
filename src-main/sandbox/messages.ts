import { setTimeout as delay } from 'node:timers/promises'
import { addressingError, isLidStale } from './addressing.ts'
import type { Companion } from './companions.ts'
import { deliver } from './delivery.ts'
import { deliverToGroup } from './group-delivery.ts'
import type { Line } from './line.ts'
import { deliverToNewsletter } from './newsletters.ts'
import { addressOf, ruleOf } from './numbers.ts'
import { beginsChat } from './new-chat-cap.ts'
import { node, seconds } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'
import { tellOfNewChatCap } from './notices.ts'
import { openParticipants, participantsOf } from './participants.ts'
import type { Participant } from './participants.ts'
import { misplacedToken, tokenRefusal } from './phone/tokens.ts'
import { refused } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** Takes one message of a companion: delivers it, keeps what changed, and only then acknowledges. */
export async function handleMessage(world: World, line: Line, stanza: BinaryNode): Promise<void> {
  const { companion } = line
  if (companion === null || stanza.attrs['id'] === undefined || stanza.attrs['to'] === undefined) {
    world.reports.add('stanza_invalid', line.number, 'a message before the login, or without id and to')
    return line.end(node('stream:error', { code: '401' }))
  }
  const fault = world.faults.take(companion.number, 'drop', 'lose', 'silence', 'ack-error', 'slow')
  if (fault?.kind === 'lose') return line.cut()
  if (fault?.kind === 'silence') return line.goSilent()
  if (fault?.kind === 'slow') await delay(fault.ms)

  const verdict = await judge(world, companion, stanza, fault?.kind === 'ack-error' ? fault.code : null)
  if (fault?.kind === 'drop') return line.cut()
  if (isNeverAcknowledged(stanza)) return
  if (verdict.error !== null) noteRefusal(world, companion, stanza, verdict.error)
  line.send(acknowledgement(world, companion, stanza, verdict))
  verdict.afterwards()
}

function noteRefusal(world: World, companion: Companion, { attrs }: BinaryNode, error: number): void {
  const { id = '', to = '' } = attrs
  world.refusals.add({ at: world.now(), id, from: companion.number, to, error })
}

async function judge(
  world: World,
  companion: Companion,
  stanza: BinaryNode,
  error: number | null,
): Promise<Verdict> {
  if (error !== null) return refuse(world, companion, stanza, error)
  const address = addressOf(stanza.attrs['to'])
  if (address !== null && isLocked(world, companion, address.number))
    return refuse(world, companion, stanza, 463)
  const begins = address !== null && beginsChat(world, companion, address.number)
  if (begins && world.newChatCaps.isUsedUp(companion.number)) return refuse(world, companion, stanza, 475)
  const misaddressed = addressingError(world, companion, stanza)
  if (misaddressed !== null) return refuse(world, companion, stanza, misaddressed)
  const token =
    misplacedToken(world, companion, stanza) ??
    (address === null ? null : tokenRefusal(world, companion, address.number, stanza))
  if (token !== null) return refuse(world, companion, stanza, token)
  const to = stanza.attrs['to'] ?? ''
  if (to.endsWith('@g.us')) return deliverToGroup(world, companion, stanza)
  if (to.endsWith('@newsletter')) return deliverToNewsletter(world, companion, stanza)
  const verdict = await deliver(world, companion, stanza)
  if (begins && verdict.error === null && world.newChatCaps.count(companion.number)) {
    tellOfNewChatCap(world, companion)
  }
  return verdict
}

/**
 * A message that is refused is shown to nobody. The sessions that it was encrypted with move on all the
 * same: after 2,000 messages that they never saw, libsignal lets them read none any more.
 */
async function refuse(
  world: World,
  companion: Companion,
  stanza: BinaryNode,
  code: number,
): Promise<Verdict> {
  const isCompanion = ({ address }: Participant): boolean =>
    world.companions.get(address.number, address.device) !== undefined
  const participants = (participantsOf(stanza) ?? []).filter((one) => !isCompanion(one))
  const { changes } = await openParticipants(world, companion, stanza, participants, () => false)
  await world.database.write(() => changes.forEach((change) => change(world.table)))
  return refused(code)
}

/** 463: a number that is always refused, or a new contact while the account may not write to new ones. */
function isLocked(world: World, companion: Companion, number: string): boolean {
  if (ruleOf(number) === 'locked') return true
  if (!world.timeLock.active || number === companion.number) return false
  return !world.inbox.hasMessage(companion.number, number)
}

function isNeverAcknowledged(stanza: BinaryNode): boolean {
  const address = addressOf(stanza.attrs['to'])
  return address !== null && ruleOf(address.number) === 'unacknowledged'
}

function acknowledgement(world: World, sender: Companion, stanza: BinaryNode, verdict: Verdict): BinaryNode {
  const isStale = verdict.error === null && isLidStale(world, sender, stanza)
  return node('ack', {
    class: 'message',
    id: stanza.attrs['id'],
    from: stanza.attrs['to'],
    t: seconds(world.now()),
    participant: stanza.attrs['participant'],
    phash: verdict.phash,
    refresh_lid: isStale ? 'true' : undefined,
    error: verdict.error === null ? undefined : String(verdict.error),
  })
}
