import { setTimeout as delay } from 'node:timers/promises'
import { addressingError, isLidStale } from './addressing-rules.ts'
import type { Companion } from '../accounts/companions.ts'
import { deliver } from './delivery.ts'
import { deliverToGroup } from './group-delivery.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import { deliverToNewsletter } from '../chats/newsletters.ts'
import { addressOf, ruleOf } from '../accounts/sandbox-numbers.ts'
import { beginsChat } from '../accounts/new-chat-cap.ts'
import { node, seconds } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { notifyNewChatCap } from '../notices.ts'
import { openParticipants, participantsOf } from './participants.ts'
import type { Participant } from './participants.ts'
import { misplacedToken, tokenRefusal } from '../phone/phone-tokens.ts'
import { refused } from '../verdict.ts'
import type { Verdict } from '../verdict.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Takes one message of a companion: delivers it, keeps what changed, and only then acknowledges. */
export async function handleMessage(
  context: SandboxContext,
  line: ClientConnection,
  stanza: BinaryNode,
): Promise<void> {
  const { companion } = line
  if (companion === null || stanza.attrs['id'] === undefined || stanza.attrs['to'] === undefined) {
    context.reports.add('stanza_invalid', line.number, 'a message before the login, or without id and to')
    return line.end(node('stream:error', { code: '401' }))
  }
  const fault = context.faults.take(companion.number, 'drop', 'lose', 'silence', 'ack-error', 'slow')
  if (fault?.kind === 'lose') return line.cut()
  if (fault?.kind === 'silence') return line.goSilent()
  if (fault?.kind === 'slow') await delay(fault.ms)

  const verdict = await judge(context, companion, stanza, fault?.kind === 'ack-error' ? fault.code : null)
  if (fault?.kind === 'drop') return line.cut()
  if (isNeverAcknowledged(stanza)) return
  if (verdict.error !== null) noteRefusal(context, companion, stanza, verdict.error)
  line.send(acknowledgement(context, companion, stanza, verdict))
  verdict.afterwards()
}

function noteRefusal(
  context: SandboxContext,
  companion: Companion,
  { attrs }: BinaryNode,
  error: number,
): void {
  const { id = '', to = '' } = attrs
  context.refusals.add({ at: context.now(), id, from: companion.number, to, error })
}

async function judge(
  context: SandboxContext,
  companion: Companion,
  stanza: BinaryNode,
  error: number | null,
): Promise<Verdict> {
  if (error !== null) return refuse(context, companion, stanza, error)
  const address = addressOf(stanza.attrs['to'])
  if (address !== null && isLocked(context, companion, address.number))
    return refuse(context, companion, stanza, 463)
  const begins = address !== null && beginsChat(context, companion, address.number)
  if (begins && context.newChatCaps.isUsedUp(companion.number)) return refuse(context, companion, stanza, 475)
  const misaddressed = addressingError(context, companion, stanza)
  if (misaddressed !== null) return refuse(context, companion, stanza, misaddressed)
  const token =
    misplacedToken(context, companion, stanza) ??
    (address === null ? null : tokenRefusal(context, companion, address.number, stanza))
  if (token !== null) return refuse(context, companion, stanza, token)
  const to = stanza.attrs['to'] ?? ''
  if (to.endsWith('@g.us')) return deliverToGroup(context, companion, stanza)
  if (to.endsWith('@newsletter')) return deliverToNewsletter(context, companion, stanza)
  const verdict = await deliver(context, companion, stanza)
  if (begins && verdict.error === null && context.newChatCaps.count(companion.number)) {
    notifyNewChatCap(context, companion)
  }
  return verdict
}

/**
 * A message that is refused is shown to nobody. The sessions that it was encrypted with move on all the
 * same: after 2,000 messages that they never saw, libsignal lets them read none any more.
 */
async function refuse(
  context: SandboxContext,
  companion: Companion,
  stanza: BinaryNode,
  code: number,
): Promise<Verdict> {
  const isCompanion = ({ address }: Participant): boolean =>
    context.companions.get(address.number, address.device) !== undefined
  const participants = (participantsOf(stanza) ?? []).filter((one) => !isCompanion(one))
  const { changes } = await openParticipants(context, companion, stanza, participants, () => false)
  await context.database.write(() => changes.forEach((change) => change(context.table)))
  return refused(code)
}

/** 463: a number that is always refused, or a new contact while the account may not write to new ones. */
function isLocked(context: SandboxContext, companion: Companion, number: string): boolean {
  if (ruleOf(number) === 'locked') return true
  if (!context.timeLock.active || number === companion.number) return false
  return !context.inbox.hasMessage(companion.number, number)
}

function isNeverAcknowledged(stanza: BinaryNode): boolean {
  const address = addressOf(stanza.attrs['to'])
  return address !== null && ruleOf(address.number) === 'unacknowledged'
}

function acknowledgement(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  verdict: Verdict,
): BinaryNode {
  const isStale = verdict.error === null && isLidStale(context, sender, stanza)
  return node('ack', {
    class: 'message',
    id: stanza.attrs['id'],
    from: stanza.attrs['to'],
    t: seconds(context.now()),
    participant: stanza.attrs['participant'],
    phash: verdict.phash,
    refresh_lid: isStale ? 'true' : undefined,
    error: verdict.error === null ? undefined : String(verdict.error),
  })
}
