import type { BinaryNode } from '@whiskeysockets/baileys'
import { baileys } from '../../baileys/baileys.ts'
import type { Connection } from '../connection.ts'

/** Devices in one query, as WhatsApp Web asks (oxidezap/whatsapp-rust issues 1139 and 1143). */
const devicesPerQuery = 50
const queryTimeoutMs = 60_000

/**
 * Begins sessions with devices that there is none with, and names those whose keys WhatsApp does not give: per device
 * (`<user><error code="406"/>`), or for a whole batch without a name, whose devices are then asked for one by one. Baileys
 * would give up all for one (Utils/signal.js parseAndInjectE2ESessions; WhiskeySockets/Baileys issue 2521).
 *
 * @throws where the connection ends or WhatsApp does not answer
 */
export async function beginSessions(connection: Connection, jids: readonly string[]): Promise<string[]> {
  const { signalRepository } = connection.socket
  const missing: string[] = []
  for (const jid of jids) {
    const { exists } = await signalRepository.validateSession(jid)
    if (!exists) missing.push(jid)
  }
  const refused: string[] = []
  for (let begin = 0; begin < missing.length; begin += devicesPerQuery) {
    refused.push(...(await beginBatch(connection, missing.slice(begin, begin + devicesPerQuery))))
  }
  return refused
}

async function beginBatch(connection: Connection, jids: readonly string[]): Promise<string[]> {
  const answer = await askForKeys(connection, jids)
  if (answer !== null) return inject(connection, jids, answer)
  if (jids.length === 1) return [...jids]
  const refused: string[] = []
  for (const jid of jids) refused.push(...(await beginBatch(connection, [jid])))
  return refused
}

/** The answer; null where WhatsApp refused the query as a whole. */
async function askForKeys(connection: Connection, jids: readonly string[]): Promise<BinaryNode | null> {
  const query: BinaryNode = {
    tag: 'iq',
    attrs: { xmlns: 'encrypt', type: 'get', to: 's.whatsapp.net' },
    content: [{ tag: 'key', attrs: {}, content: jids.map((jid) => ({ tag: 'user', attrs: { jid } })) }],
  }
  try {
    const answer = (await connection.socket.query(query, queryTimeoutMs)) as BinaryNode | undefined
    if (answer === undefined) throw new Error('WhatsApp did not give the keys of the members’ devices')
    return answer
  } catch (error) {
    // Baileys puts the code of an answered error into `data`; a line that ended has none.
    if (error instanceof Error && 'data' in error && typeof error.data === 'number') return null
    throw error
  }
}

/** Begins a session with each device whose keys came; the devices whose did not. */
async function inject(
  connection: Connection,
  jids: readonly string[],
  answer: BinaryNode,
): Promise<string[]> {
  const { getBinaryNodeChild, getBinaryNodeChildren, parseAndInjectE2ESessions } = baileys()
  const users = getBinaryNodeChildren(getBinaryNodeChild(answer, 'list'), 'user')
  const good = users.filter((user) => getBinaryNodeChild(user, 'error') === undefined)
  await parseAndInjectE2ESessions(
    { ...answer, content: [{ tag: 'list', attrs: {}, content: good }] },
    connection.socket.signalRepository,
  )
  const given = new Set(good.map(({ attrs }) => attrs['jid']))
  return jids.filter((jid) => !given.has(jid))
}
