import type { GroupMetadata } from '@whiskeysockets/baileys'
import { baileys } from '../../baileys/baileys.ts'
import type { Connection } from '../connection.ts'
import type { ListedDevice } from './group-memory.ts'
import { userOf } from '../device-receipts.ts'

/** A device of a member, by its whole JID too. */
export interface MemberDevice extends ListedDevice {
  jid: string
}

type Member = GroupMetadata['participants'][number]

/** Above some 256 members one query is not answered any more (adiwajshing/Baileys issue 955). */
const membersPerQuery = 100
const queriesAtOnce = 2

/**
 * The devices of a group's members, the account's own others included, in the form in which the group names its members;
 * null where WhatsApp did not answer. Members that are not remembered are asked for in portions, by phone number where it
 * is known: for its own LID an account is not always answered (oxidezap/whatsapp-rust issue 568). Whoever is named
 * without a device by phone number is asked for by LID.
 *
 * The answers are in Baileys' own cache afterwards, so that it asks nobody again.
 */
export async function devicesOfMembers(
  connection: Connection,
  members: readonly Member[],
): Promise<MemberDevice[] | null> {
  const unknown = members.filter(({ id }) => connection.groups.devicesOf(userOf(id)) === undefined)
  const byNumber = (member: Member): string => member.phoneNumber ?? member.id
  const left = await askFor(connection, unknown, byNumber)
  if (left === null) return null
  const others = left.filter((member) => byNumber(member) !== member.id)
  if ((await askFor(connection, others, ({ id }) => id)) === null) return null
  return members.flatMap(({ id }) => rememberedDevices(connection, id))
}

function rememberedDevices({ groups }: Connection, id: string): MemberDevice[] {
  const { jidEncode } = baileys()
  return (groups.devicesOf(userOf(id)) ?? []).map((listed) => {
    const { user, server, device } = listed
    return { ...listed, jid: jidEncode(user, server as Parameters<typeof jidEncode>[1], device) }
  })
}

/** Asks for the devices of members under one of their names; the members that none was named of, null: no answer. */
async function askFor(
  connection: Connection,
  members: readonly Member[],
  nameOf: (member: Member) => string,
): Promise<Member[] | null> {
  const portions = Array.from({ length: Math.ceil(members.length / membersPerQuery) }, (_, index) =>
    members.slice(index * membersPerQuery, (index + 1) * membersPerQuery),
  )
  const left: Member[] = []
  let answered = true
  const worker = async (): Promise<void> => {
    for (let portion = portions.shift(); portion !== undefined && answered; portion = portions.shift()) {
      const lists = await ask(connection, portion.map(nameOf))
      if (lists === null) answered = false
      else left.push(...remember(connection, portion, nameOf, lists))
    }
  }
  await Promise.all(Array.from({ length: queriesAtOnce }, worker))
  return answered ? left : null
}

interface AnsweredDevice {
  id: number
  keyIndex?: number
  isHosted?: boolean
}

async function ask(connection: Connection, jids: string[]): Promise<Map<string, AnsweredDevice[]> | null> {
  const { USyncQuery, USyncUser } = baileys()
  const query = new USyncQuery().withContext('message').withDeviceProtocol().withLIDProtocol()
  for (const jid of jids) query.withUser(new USyncUser().withId(jid))
  const result = await connection.socket.executeUSyncQuery(query)
  if (result === undefined) return null
  const pairs = result.list.flatMap(({ id, lid }) => (typeof lid === 'string' ? [{ pn: id, lid }] : []))
  await connection.socket.signalRepository.lidMapping.storeLIDPNMappings(pairs)
  return new Map(
    result.list.map(({ id, devices }) => {
      const { deviceList = [] } = (devices ?? {}) as { deviceList?: AnsweredDevice[] }
      return [id, deviceList]
    }),
  )
}

/** Keeps the devices under the group's name of each member; the members that none was named of. */
function remember(
  connection: Connection,
  members: readonly Member[],
  nameOf: (member: Member) => string,
  lists: Map<string, AnsweredDevice[]>,
): Member[] {
  const left: Member[] = []
  for (const member of members) {
    const listed = lists.get(nameOf(member)) ?? []
    const user = userOf(member.id)
    const server = member.id.split('@')[1] ?? ''
    const hosted = server === 'lid' ? 'hosted.lid' : 'hosted'
    const devices = listed
      // A device without a key index is refused by the server; the one that sends needs no copy.
      .filter(({ id, keyIndex }) => (id === 0 || Boolean(keyIndex)) && !connection.groups.isSender(user, id))
      .map(({ id, isHosted }) => ({ user, device: id, server: isHosted === true ? hosted : server }))
    if (listed.length === 0) left.push(member)
    // Nobody is asked about again in vain: an empty list is an answer, too.
    connection.groups.keepDevices(user, devices)
  }
  return left
}
