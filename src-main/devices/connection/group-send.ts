import type { GroupMetadata } from '@whiskeysockets/baileys'
import { handingOver } from '../baileys/hand-over.ts'
import type { HandOver } from '../baileys/hand-over.ts'
import type { Connection } from './connection.ts'
import { relay } from './relay.ts'
import type { Outgoing, SendOutcome } from './sending.ts'
import { describeError, isFinalCode, refused } from './send-outcome.ts'

/** Hands a message to a group over; null once it was handed over, else why it was not. */
export async function sendToGroup(
  connection: Connection,
  outgoing: Outgoing,
  handOver: HandOver,
): Promise<SendOutcome | null> {
  const missing = await handingOver(handOver, () => missingGroup(connection, outgoing.jid))
  return missing ?? relay(connection, outgoing, handOver)
}

/** Without a group's members nothing can be encrypted for it; Baileys takes them from the same cache. */
async function missingGroup(connection: Connection, jid: string): Promise<SendOutcome | null> {
  try {
    const { participants } = await connection.groupMetadata(jid)
    await fillDevices(connection, participants)
    return null
  } catch (error) {
    const code = error instanceof Error && 'data' in error ? error.data : null
    if (isFinalCode(code)) {
      return refused('refused_by_whatsapp', 'There is no such group, or this device is not in it.', code)
    }
    const reason = `the group's members could not be asked for: ${describeError(error)}`
    return { result: 'not_sent', reason }
  }
}

/** The own LID is among the members: about that WhatsApp does not always answer. */
async function fillDevices(
  { addressing }: Connection,
  participants: GroupMetadata['participants'],
): Promise<void> {
  const withLids = participants.filter(({ id }) => id.endsWith('@lid'))
  if (withLids.length === 0) return
  const { pn, lid } = addressing.own
  if (pn !== null && lid !== null) await addressing.deviceLists.fillOwn({ pn, lid })
  const others = withLids.filter(({ id }) => !addressing.isOwn(id))
  await addressing.deviceLists.fillMembers(
    others.map(({ id, phoneNumber }) => ({ pn: phoneNumber ?? null, lid: id })),
  )
}
