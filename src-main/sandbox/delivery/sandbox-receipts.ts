import type { Companion } from '../accounts/companions.ts'
import type { InboxMessage, ReceiptLevel } from './inbox.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import { jidOf, ruleOf } from '../accounts/sandbox-numbers.ts'
import { node, seconds } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** How long practice recipients take, in milliseconds. */
export interface ReceiptTimes {
  delivered: number
  read: number
}

const types = { 1: undefined, 2: 'read', 3: 'played' } as const
const maxUnreported = 1000
const tellEvery = 100
/** Lists that wait for their acknowledgement; receipts that are lost are told again at the next login. */
const maxLists = 10_000

/** What is to be told of one message. */
interface Due {
  companion: Companion
  id: string
  chat: string
  /** The devices that could read it, as JIDs: each confirms the delivery; empty for groups. */
  devices: string[]
  /** Those in a group who could read it. */
  members: string[]
  level: ReceiptLevel
}

/** How far receipts go for a message: not every number reads, and only voice notes are played. */
export function expectedLevel(number: string, kind: InboxMessage['kind']): ReceiptLevel {
  const rule = ruleOf(number)
  if (rule === 'unacknowledged') return 0
  if (rule === 'unread') return 1
  return kind === 'voice' ? 3 : 2
}

/** The receipts of practice recipients: sent when they are due, and again until they are acknowledged. */
export class Receipts {
  readonly #context: () => SandboxContext
  /** Null where recipients send none. */
  readonly #times: ReceiptTimes | null
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Reads of one chat that come together are told together. */
  readonly #reading = new Map<string, { due: Due; ids: string[] }>()
  readonly #acknowledged = new Map<string, { from: string; id: string; level: ReceiptLevel }>()
  /** What one receipt says of several messages, by what its acknowledgement will name. */
  readonly #lists = new Map<string, string[]>()
  #writing: NodeJS.Timeout | null = null

  constructor(context: () => SandboxContext, times: ReceiptTimes | null) {
    this.#context = context
    this.#times = times
  }

  get none(): boolean {
    return this.#times === null
  }

  due(due: Due): void {
    if (this.#times === null) return
    const { delivered, read } = this.#times
    if (due.level >= 1) this.#later(delivered, () => this.#deliver(due))
    if (due.level >= 2) this.#readLater(due, delivered + read)
  }

  acknowledged(companion: Companion, stanza: BinaryNode): void {
    const { id, type, to } = stanza.attrs
    if (id === undefined) return
    const level: ReceiptLevel = type === 'read' ? 2 : type === 'played' ? 3 : 1
    const key = `${companion.number}|${to}|${id}|${level}`
    for (const one of this.#lists.get(key) ?? [id]) {
      this.#acknowledged.set(`${companion.number}|${one}|${level}`, {
        from: companion.number,
        id: one,
        level,
      })
    }
    this.#lists.delete(key)
    this.#writing ??= setTimeout(() => void this.save(), tellEvery)
  }

  /** Writes down which receipts have been heard. */
  async save(): Promise<void> {
    if (this.#writing !== null) clearTimeout(this.#writing)
    this.#writing = null
    const heard = [...this.#acknowledged]
    this.#acknowledged.clear()
    if (heard.length === 0) return
    const { database, inbox } = this.#context()
    try {
      await database.write(() => heard.forEach(([, { from, id, level }]) => inbox.reported(from, id, level)))
    } catch {
      // A full disk, which the database reports: written with the next, or told again at the next login.
      for (const [key, one] of heard) this.#acknowledged.set(key, one)
    }
  }

  stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    return this.save()
  }

  #deliver(due: Due): void {
    const from = due.members.length > 0 ? due.members.map((member) => jidOf(member)) : due.devices
    for (const one of from) this.#send(due, one, 1, [due.id])
  }

  /** Voice notes are played right after they are read. */
  #readLater(due: Due, after: number): void {
    const key = `${due.companion.number}:${due.companion.device}|${due.chat}|${due.level}|${due.members.join()}`
    const reading = this.#reading.get(key)
    if (reading !== undefined) return void reading.ids.push(due.id)
    const started = { due, ids: [due.id] }
    this.#reading.set(key, started)
    this.#later(after, () => {
      this.#reading.delete(key)
      const from = due.members.length > 0 ? due.members.map((member) => jidOf(member)) : [due.chat]
      for (let level = 2 as ReceiptLevel; level <= due.level; level++) {
        for (const one of from) this.#send(due, one, level, started.ids)
      }
    })
  }

  #send(due: Due, from: string, level: ReceiptLevel, ids: string[]): void {
    const context = this.#context()
    const line = context.lines.of(due.companion)
    if (line === undefined || level === 0) return
    const group = due.members.length > 0
    const stanza = receiptNode(ids, {
      from: group ? due.chat : from,
      participant: group ? from : undefined,
      type: types[level],
      t: seconds(context.now()),
    })
    if (ids.length > 1) {
      if (this.#lists.size >= maxLists) this.#lists.clear()
      this.#lists.set(`${due.companion.number}|${stanza.attrs['from']}|${ids[0]}|${level}`, ids)
    }
    line.send(stanza)
  }

  #later(milliseconds: number, work: () => void): void {
    if (milliseconds === 0) return void setImmediate(work)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, milliseconds)
    this.#timers.add(timer)
  }
}

function receiptNode(ids: string[], attributes: Record<string, string | undefined>): BinaryNode {
  const [first, ...rest] = ids
  const list = rest.map((id) => node('item', { id }))
  return node(
    'receipt',
    { id: first, ...attributes },
    rest.length === 0 ? undefined : [node('list', {}, list)],
  )
}

export function receiptAcknowledged(
  context: SandboxContext,
  line: ClientConnection,
  stanza: BinaryNode,
): void {
  if (line.companion !== null) context.receipts.acknowledged(line.companion, stanza)
}

/** The receipts that a companion has not acknowledged yet, the oldest first. */
export function receiptsDue(context: SandboxContext, companion: Companion): BinaryNode[] {
  if (context.receipts.none) return []
  const due: BinaryNode[] = []
  for (const { id, chat, members, reported, expected } of context.inbox.unreported(
    companion.number,
    companion.device,
    maxUnreported,
  )) {
    const participants = members.length > 0 ? members.map((member) => jidOf(member)) : [undefined]
    for (let level = (reported + 1) as ReceiptLevel; level <= expected && level > 0; level++) {
      for (const participant of participants) {
        const type = types[level as 1 | 2 | 3]
        due.push(receiptNode([id], { from: chat, participant, type, t: seconds(context.now()) }))
      }
    }
  }
  return due
}

/** What tells one receipt from another. */
export function receiptKey({ attrs }: BinaryNode): string {
  return `${attrs['id']}|${attrs['from']}|${attrs['participant']}|${attrs['type']}`
}
