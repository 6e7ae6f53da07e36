import type { Database, Migration } from '../../storage/database/database.ts'
import { sandboxNumber, jidOf } from '../accounts/sandbox-numbers.ts'
import { child, errorOf, node, resultOf } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** A group. Every account of the sandbox is a member, besides those named here. */
export interface Group {
  jid: string
  subject: string
  /** Whether its members are named by LID or by number. */
  addressing: 'lid' | 'pn'
  members: string[]
  /** Only admins may write. */
  announce?: boolean
  /** Those who are; every account of the sandbox unless said otherwise. */
  admins?: string[]
  /** After so many seconds its messages disappear. */
  expirationSeconds?: number
}

export const sandboxGroupsMigrations: readonly Migration[] = [
  {
    number: 22,
    name: 'groups that were made or changed',
    sql: 'CREATE TABLE sandbox_groups (jid TEXT PRIMARY KEY, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;',
  },
]

const created = '1700000000'

/** There without anybody's doing. */
const readyMade: readonly Group[] = [
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

/** The groups: the ready-made ones, and those that were made or changed. */
export class Groups {
  readonly #database: Database
  readonly #groups = new Map<string, Group>(readyMade.map((group) => [group.jid, group]))

  constructor(database: Database) {
    this.#database = database
    const rows = database.statement<{ entry: string }>('SELECT entry FROM sandbox_groups').all()
    for (const { entry } of rows) {
      const group = JSON.parse(entry) as Group
      this.#groups.set(group.jid, group)
    }
  }

  all(): Group[] {
    return [...this.#groups.values()]
  }

  of(jid: string | undefined): Group | undefined {
    return jid === undefined ? undefined : this.#groups.get(jid)
  }

  async save(group: Group): Promise<void> {
    this.#groups.set(group.jid, group)
    await this.#database.write(() => {
      this.#database
        .statement('INSERT OR REPLACE INTO sandbox_groups (jid, entry) VALUES (?, ?)')
        .run(group.jid, JSON.stringify(group))
    })
  }
}

export function isGroupAdmin({ admins }: Group, account: string): boolean {
  return admins === undefined || admins.includes(account)
}

/** Answers what is asked about one group, or about all that the account is in. */
export function answerGroupQuery(context: SandboxContext, account: string, query: BinaryNode): BinaryNode {
  if (query.attrs['to'] === '@g.us' && child(query, 'participating') !== undefined) {
    const nodes = context.groups.all().map((group) => groupNode(context, group, account))
    return resultOf(query, [node('groups', {}, nodes)])
  }
  const group = context.groups.of(query.attrs['to'])
  if (group === undefined) return errorOf(query, 404, 'item-not-found')
  if (child(query, 'query') === undefined) return errorOf(query, 403, 'forbidden')
  return resultOf(query, [groupNode(context, group, account)])
}

/** What a change of a group looks like to its members' devices; what only the metadata shows is told as a change of settings. */
export function groupChange({ announce, expirationSeconds }: Group): BinaryNode {
  if (expirationSeconds !== undefined) return node('ephemeral', { expiration: String(expirationSeconds) })
  return node(announce === true ? 'announcement' : 'not_announcement')
}

function groupNode(context: SandboxContext, group: Group, account: string): BinaryNode {
  const owner = group.addressing === 'lid' ? context.contacts.lidJidOf(sandboxNumber) : jidOf(sandboxNumber)
  const members = [...new Set([account, ...group.members])].map((number) =>
    participantNode(context, group, number, account),
  )
  const settings: BinaryNode[] = []
  if (group.announce === true) settings.push(node('announcement'))
  const { expirationSeconds = 0 } = group
  if (expirationSeconds > 0) settings.push(node('ephemeral', { expiration: String(expirationSeconds) }))
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
    [...settings, ...members],
  )
}

function participantNode(context: SandboxContext, group: Group, number: string, account: string): BinaryNode {
  const byNumber = jidOf(number)
  const byLid = context.contacts.lidJidOf(number)
  const isAdmin = group.admins === undefined ? number === account : group.admins.includes(number)
  const type = isAdmin ? 'superadmin' : undefined
  return group.addressing === 'lid'
    ? node('participant', { jid: byLid, phone_number: byNumber, type })
    : node('participant', { jid: byNumber, lid: byLid, type })
}
