import { sandboxNumber, jidOf } from './numbers.ts'
import { child, errorOf, node, resultOf } from './nodes.ts'
import type { BinaryNode } from './nodes.ts'

/** A ready-made group. Every account of the sandbox is a member, besides those named here. */
export interface Group {
  jid: string
  subject: string
  /** Whether its members are named by LID or by number. */
  addressing: 'lid' | 'pn'
  members: string[]
}

const created = '1700000000'

export const groups: readonly Group[] = [
  {
    jid: '120363000000000001@g.us',
    subject: 'Latihan: Pelanggan',
    addressing: 'lid',
    members: ['6285500000501', '6285500000502', '6285500000503'],
  },
  {
    jid: '120363000000000002@g.us',
    subject: 'Latihan: Kasir',
    addressing: 'pn',
    members: ['6285500000511', '6285500000512'],
  },
]

export function groupOf(jid: string | undefined): Group | undefined {
  return groups.find((group) => group.jid === jid)
}

/** Answers what is asked about one group, or about all that the account is in. */
export function answerGroupQuery(account: string, query: BinaryNode): BinaryNode {
  if (query.attrs['to'] === '@g.us' && child(query, 'participating') !== undefined) {
    return resultOf(query, [
      node(
        'groups',
        {},
        groups.map((group) => groupNode(group, account)),
      ),
    ])
  }
  const group = groupOf(query.attrs['to'])
  if (group === undefined) return errorOf(query, 404, 'item-not-found')
  if (child(query, 'query') === undefined) return errorOf(query, 403, 'forbidden')
  return resultOf(query, [groupNode(group, account)])
}

function groupNode(group: Group, account: string): BinaryNode {
  const owner = jidOf(sandboxNumber, 0, group.addressing === 'lid' ? 'lid' : 's.whatsapp.net')
  const members = [...new Set([account, ...group.members])].map((number, index) =>
    participantNode(group, number, index === 0 ? 'superadmin' : undefined),
  )
  return node(
    'group',
    {
      id: group.jid.split('@')[0],
      subject: group.subject,
      s_t: created,
      s_o: owner,
      creation: created,
      creator: owner,
      addressing_mode: group.addressing,
      size: String(members.length),
    },
    members,
  )
}

function participantNode(group: Group, number: string, type: string | undefined): BinaryNode {
  const byNumber = jidOf(number)
  const byLid = jidOf(number, 0, 'lid')
  return group.addressing === 'lid'
    ? node('participant', { jid: byLid, phone_number: byNumber, type })
    : node('participant', { jid: byNumber, lid: byLid, type })
}
