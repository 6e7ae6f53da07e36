import { QueryIds, XWAPaths } from '@whiskeysockets/baileys'
import { createHash } from 'node:crypto'
import type { Companion } from './companions.ts'
import { newsletterMetadata } from '../chats/newsletters.ts'
import { allChildren, bytesOf, child, node, resultOf } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** `lid_one_on_one_migration_enabled` (oxidezap/whatsapp-rust#943). */
const lidMigration = '9435'

const privacyCategories = {
  last: 'all',
  online: 'all',
  profile: 'all',
  status: 'contacts',
  groupadd: 'all',
  readreceipts: 'all',
  calladd: 'all',
  messages: 'all',
}

/** The small questions that a client asks after its login; null where the query is none of them. */
export function accountAnswer(
  context: SandboxContext,
  companion: Companion,
  query: BinaryNode,
): BinaryNode | null {
  switch (query.attrs['xmlns'] ?? '') {
    case 'abt':
      return resultOf(query, [properties(context, companion, query)])
    case 'blocklist':
      return resultOf(query, [node('list', {}, [])])
    case 'privacy':
      return privacy(query)
    case 'w:mex':
      return resultOf(query, [
        node('result', {}, Buffer.from(JSON.stringify(graph(context, companion, query)))),
      ])
    case 'urn:xmpp:whatsapp:dirty':
    case 'urn:xmpp:whatsapp:push':
    case 'w:stats':
    case 'status':
      return resultOf(query)
    case 'w:profile:picture':
      return resultOf(query, [node('picture', { status: '204' })])
    case 'w:biz':
      return resultOf(query, [node('business_profile', {}, [])])
    default:
      return null
  }
}

/**
 * The account's switches, by WhatsApp's numbers; those that are off are left out. A client that names the hash of
 * those that it has is told of none.
 */
function properties(context: SandboxContext, companion: Companion, query: BinaryNode): BinaryNode {
  const { lidMigrated } = context.accounts.of(companion.number)
  const switches = lidMigrated ? { [lidMigration]: 'true' } : {}
  const hash = createHash('sha256').update(JSON.stringify(switches)).digest('hex').slice(0, 12)
  const isKnown = child(query, 'props')?.attrs['hash'] === hash
  const listed = isKnown ? [] : Object.entries(switches)
  const content = listed.map(([code, value]) => node('prop', { config_code: code, config_value: value }))
  return node('props', { protocol: '1', hash, refresh: '86400' }, content)
}

function privacy(query: BinaryNode): BinaryNode {
  if (query.attrs['type'] === 'set') return resultOf(query)
  const categories = Object.entries(privacyCategories).map(([name, value]) =>
    node('category', { name, value }),
  )
  return resultOf(query, [node('privacy', {}, categories)])
}

/** WhatsApp's GraphQL: what is asked for is named by a number. */
function graph(context: SandboxContext, companion: Companion, query: BinaryNode): object {
  const asked = child(query, 'query') ?? allChildren(query)[0]
  const id = asked?.attrs['query_id'] ?? ''
  const answer = graphAnswers(context, companion)[id]
  if (answer !== undefined) return { data: answer }
  context.reports.add('query_unknown', null, `w:mex ${id}: ${bytesOf(asked).toString().slice(0, 200)}`)
  return { errors: [{ message: 'Not Found', extensions: { error_code: 404 } }] }
}

function graphAnswers(context: SandboxContext, { number }: Companion): Record<string, object> {
  return {
    [QueryIds.REACHOUT_TIMELOCK]: {
      [XWAPaths.xwa2_fetch_account_reachout_timelock]: context.timeLock.answer(),
    },
    [QueryIds.METADATA]: { [XWAPaths.xwa2_newsletter_metadata]: newsletterMetadata() },
    [QueryIds.MESSAGE_CAPPING_INFO]: {
      [XWAPaths.xwa2_message_capping_info]: context.newChatCaps.answer(number),
    },
  }
}
