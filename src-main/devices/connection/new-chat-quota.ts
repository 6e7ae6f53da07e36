import type { BinaryNode } from '@whiskeysockets/baileys'
import { Failure } from '../../lib/failure.ts'
import type { NewChatQuota } from '../device.ts'
import { serverEndOf } from './device-receipts.ts'

/**
 * The query of WhatsApp Web's GraphQL for its quota of new chats, by its number. WhatsApp Web has asked for
 * `INDIVIDUAL_NEW_CHAT_THREAD` since August 2026, and for `INDIVIDUAL_NEW_CHAT_MSG`, as Baileys 7.0.0-rc14 does, before.
 *
 * @see https://github.com/oxidezap/whatsapp-rust/issues/1251, https://github.com/devlikeapro/waha/issues/2186
 */
const queryId = '24503548349331633'
const inputTypes = ['INDIVIDUAL_NEW_CHAT_THREAD', 'INDIVIDUAL_NEW_CHAT_MSG']

/** Sends a query and answers its `<iq>`; undefined where no answer came in time. */
type Query = (node: BinaryNode) => Promise<BinaryNode | undefined>

/**
 * Asks WhatsApp for the quota; null where it names none.
 *
 * @throws Failure lookup_failed, where WhatsApp did not answer
 */
export async function askForNewChatQuota(query: Query): Promise<NewChatQuota | null> {
  for (const type of inputTypes) {
    const answer = await asked(query, type)
    if (answer !== undefined) return quotaOf(answer)
  }
  throw new Failure('lookup_failed', 'WhatsApp did not say how many new chats it allows.')
}

/** What GraphQL answers; undefined for an error, or no answer. */
async function asked(query: Query, type: string): Promise<unknown> {
  const variables = { input: { type } }
  const content = Buffer.from(JSON.stringify({ variables }))
  const attrs = { type: 'get', to: 's.whatsapp.net', xmlns: 'w:mex' }
  const answer = await query({
    tag: 'iq',
    attrs,
    content: [{ tag: 'query', attrs: { query_id: queryId }, content }],
  }).catch(() => undefined)
  const result = childOf(answer, 'result')
  return dataOf(result)?.['xwa2_message_capping_info'] ?? undefined
}

/** The quota of a `<notification type="mex">`; undefined where it is about something else. */
export function pushedQuotaOf(notification: BinaryNode): NewChatQuota | null | undefined {
  const update = childOf(notification, 'update')
  if (update?.attrs['op_name'] !== 'MessageCappingInfoNotification') return undefined
  const info = dataOf(update)?.['xwa2_notify_new_chat_messages_capping_info_update']
  return info === undefined ? undefined : quotaOf(info)
}

/** Numbers come as numbers or as text, and any may lack; a total of -1 is none. */
function quotaOf(info: unknown): NewChatQuota | null {
  if (typeof info !== 'object' || info === null) return null
  const fields = info as Record<string, unknown>
  const total = wholeOf(fields['total_quota'])
  const used = wholeOf(fields['used_quota'])
  const isCapped = fields['capping_status'] === 'CAPPED'
  if (total === null && !isCapped) return null
  const endsAt = wholeOf(fields['cycle_end_timestamp'])
  return {
    used,
    total,
    until: endsAt === null ? null : serverEndOf(endsAt * 1_000, Date.now()),
    usedUp: isCapped || (total !== null && used !== null && used >= total),
  }
}

function wholeOf(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null
  const number = value === '' ? NaN : Number(value)
  return Number.isInteger(number) && number >= 0 ? number : null
}

function childOf(node: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return Array.isArray(node?.content) ? node.content.find((one) => one.tag === tag) : undefined
}

function dataOf(node: BinaryNode | undefined): Record<string, unknown> | undefined {
  if (!(node?.content instanceof Uint8Array) && typeof node?.content !== 'string') return undefined
  try {
    const { data } = JSON.parse(Buffer.from(node.content).toString()) as { data?: unknown }
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
