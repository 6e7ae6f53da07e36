import { judgeAnswer } from './acknowledgement-rules.ts'
import type { Companion } from '../accounts/companions.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import type { QueueAnswer } from './offline-queue.ts'
import type { OfflineQueueTable, QueuedStanza } from './offline-queue-table.ts'
import { node, server } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { receiptKey, receiptsDue } from './sandbox-receipts.ts'
import { closeOwed } from '../server/stream-errors.ts'
import type { SandboxContext } from '../sandbox-context.ts'

interface Dependencies {
  context: SandboxContext
  line: ClientConnection
  companion: Companion
  table: OfflineQueueTable
  owedAckMs: number
  answered: (answer: QueueAnswer) => void
}

/** What was sent and is not acknowledged. */
interface Outstanding extends QueuedStanza {
  stanza: BinaryNode
  sentAt: number
  wasAskedAgain: boolean
}

/** Sent unasked, so that a client has something to show at once (oxidezap/whatsapp-rust offline_resume.rs). */
const primerStanzas = 5

/**
 * One login's way through a companion's queue. `<ib><offline_preview/>` tells how much there is, a primer of five follows,
 * and the rest in portions as the client asks for them with `<ib><offline_batch count/>`; `<ib><offline/>` ends it, and only
 * then come live stanzas. What an earlier login left unacknowledged comes first and withholds the rest until it is.
 *
 * An acknowledgement that is owed for too long ends the stream with `<stream:error><ack class id/></stream:error>`.
 */
export class OfflineDelivery {
  readonly #dependencies: Dependencies
  #again: QueuedStanza[] = []
  #fresh: QueuedStanza[] = []
  #receipts: BinaryNode[] = []
  /** The receipts that were sent in this login. */
  readonly #reported = new Set<string>()
  readonly #outstanding = new Map<number, Outstanding>()
  #wanted = primerStanzas
  #sent = 0
  #owedTimer: NodeJS.Timeout | null = null
  /** The queue is at its end: what comes from now on is sent at once. */
  live = false

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  begin(): void {
    const { table, companion, context, line } = this.#dependencies
    const waiting = table.waiting(companion)
    this.#again = waiting.filter(({ deliveries }) => deliveries > 0)
    this.#fresh = waiting.filter(({ deliveries }) => deliveries === 0)
    this.#receipts = receiptsDue(context, companion)
    if (waiting.length + this.#receipts.length > 0) line.send(this.#preview(waiting))
    this.#pump()
  }

  /** A stanza has come for this companion. */
  add(queued: QueuedStanza): void {
    this.#fresh.push(queued)
    this.#pump()
  }

  /** The client asks for the next portion. */
  pull(count: number): void {
    this.#wanted += count
    this.#pump()
  }

  /** The client has sent an `<ack>` or `<receipt>`. */
  answer(answer: BinaryNode): void {
    for (const one of this.#outstanding.values()) {
      const verdict = judgeAnswer(one.stanza, answer, one.wasAskedAgain)
      if (verdict === 'other') continue
      this.#note(one, answer)
      if (verdict === 'settled') this.#settle(one)
      if (verdict === 'refused') this.#reportRefusal(one, answer)
      if (verdict === 'asked_again') one.wasAskedAgain = true
      break
    }
  }

  end(): void {
    if (this.#owedTimer !== null) clearTimeout(this.#owedTimer)
    this.#owedTimer = null
  }

  #preview(waiting: QueuedStanza[]): BinaryNode {
    const { table } = this.#dependencies
    const tags = waiting.map(({ sequence }) => table.stanza(sequence)?.tag)
    const count = (tag: string): string => String(tags.filter((one) => one === tag).length)
    const receipt = String(this.#receipts.length)
    return node('ib', { from: server }, [
      node('offline_preview', {
        count: String(waiting.length + this.#receipts.length),
        message: count('message'),
        receipt,
        notification: count('notification'),
        appdata: '0',
        call: count('call'),
        status: count('status'),
      }),
    ])
  }

  #pump(): void {
    for (;;) {
      while (this.live || this.#wanted > 0) {
        if (!this.#sendNext()) break
        this.#wanted--
      }
      if (this.live || this.#hasMore() || this.#isWithheld()) return
      this.#receipts = this.#newlyDue()
      if (this.#receipts.length === 0) return this.#goLive()
      if (this.#wanted <= 0) return
    }
  }

  #sendNext(): boolean {
    const again = this.#again.shift()
    if (again !== undefined) return this.#send(again)
    if (this.#isWithheld()) return false
    const fresh = this.#fresh.shift()
    if (fresh !== undefined) return this.#send(fresh)
    const receipt = this.#receipts.shift()
    if (receipt === undefined) return false
    this.#reported.add(receiptKey(receipt))
    this.#write(receipt)
    return true
  }

  /** What was sent in an earlier login, and again in this one, is not acknowledged. */
  #isWithheld(): boolean {
    if (this.live) return false
    for (const { deliveries } of this.#outstanding.values()) if (deliveries > 1) return true
    return false
  }

  #hasMore(): boolean {
    return this.#again.length + this.#fresh.length + this.#receipts.length > 0
  }

  /** Receipts of messages that were sent while the queue was on its way. */
  #newlyDue(): BinaryNode[] {
    const { context, companion } = this.#dependencies
    return receiptsDue(context, companion).filter((receipt) => !this.#reported.has(receiptKey(receipt)))
  }

  #goLive(): void {
    this.live = true
    this.#reported.clear()
    this.#dependencies.line.send(
      node('ib', { from: server }, [node('offline', { count: String(this.#sent) })]),
    )
  }

  #send({ sequence, deliveries }: QueuedStanza): boolean {
    const { table, context } = this.#dependencies
    const stanza = table.stanza(sequence)
    if (stanza === undefined) return true
    void table.delivered(sequence).catch(() => {
      // A full disk, which the database reports.
    })
    const sent = { sequence, deliveries: deliveries + 1, stanza, sentAt: context.now(), wasAskedAgain: false }
    this.#outstanding.set(sequence, sent)
    this.#write(stanza)
    this.#watchOwed()
    return true
  }

  #write(stanza: BinaryNode): void {
    const { line } = this.#dependencies
    if (this.live) return line.send(stanza)
    line.send({ ...stanza, attrs: { ...stanza.attrs, offline: String(this.#sent++) } })
  }

  #settle({ sequence }: Outstanding): void {
    this.#outstanding.delete(sequence)
    void this.#dependencies.table.remove(sequence).catch(() => {
      // It comes again at the next login.
    })
    this.#pump()
  }

  #note({ stanza, deliveries }: Outstanding, { tag, attrs }: BinaryNode): void {
    const how = tag === 'ack' ? attrs['error'] : attrs['type']
    const answer = how === undefined ? tag : `${tag} ${how}`
    const { number } = this.#dependencies.companion
    this.#dependencies.answered({ number, tag: stanza.tag, id: stanza.attrs['id'] ?? '', deliveries, answer })
  }

  #reportRefusal({ stanza }: Outstanding, { attrs }: BinaryNode): void {
    const { context, companion } = this.#dependencies
    const detail = `<${stanza.tag}> ${stanza.attrs['id']} was refused with ${attrs['error']}: it stays queued`
    context.reports.add('not_acknowledged', companion.number, detail)
  }

  /** One timer for the oldest that is owed. */
  #watchOwed(): void {
    if (this.#owedTimer !== null) return
    const [oldest] = this.#outstanding.values()
    if (oldest === undefined) return
    const { owedAckMs, context } = this.#dependencies
    const left = oldest.sentAt + owedAckMs - context.now()
    this.#owedTimer = setTimeout(() => this.#checkOwed(), Math.max(0, left))
    this.#owedTimer.unref()
  }

  #checkOwed(): void {
    this.#owedTimer = null
    const { owedAckMs, context, line, companion } = this.#dependencies
    const [oldest] = this.#outstanding.values()
    if (oldest === undefined) return
    if (oldest.sentAt + owedAckMs > context.now()) return this.#watchOwed()
    const { tag, attrs } = oldest.stanza
    context.reports.add('not_acknowledged', companion.number, `no answer to <${tag}> ${attrs['id']}`)
    closeOwed(line, tag, attrs['id'])
  }
}
