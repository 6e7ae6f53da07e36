import type { Companion } from '../accounts/companions.ts'
import type { ClientConnection } from '../server/client-connection.ts'
import { OfflineDelivery } from './offline-delivery.ts'
import type { OfflineQueueTable } from './offline-queue-table.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** How a client answered one stanza of its queue. */
export interface QueueAnswer {
  number: string
  /** The stanza's tag, id and how often it had been sent. */
  tag: string
  id: string
  deliveries: number
  /** The tag, type and error of the answer: `receipt inactive`, `ack`, `ack 500`. */
  answer: string
}

const maxAnswersKept = 1_000

/**
 * What each companion has not acknowledged yet, kept over restarts: messages, statuses, notifications. What is new goes
 * out at once to a companion that has pulled its queue to the end, and otherwise with the queue.
 */
export class OfflineQueue {
  readonly #context: () => SandboxContext
  readonly #table: OfflineQueueTable
  readonly #owedAckMs: number
  readonly #answers: QueueAnswer[] = []

  /** @param owedAckMs how long an acknowledgement may be owed before the stream is ended */
  constructor(context: () => SandboxContext, table: OfflineQueueTable, owedAckMs: number) {
    this.#context = context
    this.#table = table
    this.#owedAckMs = owedAckMs
  }

  /** Resolves once the stanza is kept and, where its companion is there, sent. */
  async push(companion: Companion, stanza: BinaryNode): Promise<void> {
    const sequence = await this.#table.add(companion, stanza)
    this.#deliveryTo(companion)?.add({ sequence, deliveries: 0 })
  }

  /** The same for those who need not wait for it. */
  send(companion: Companion, stanza: BinaryNode): void {
    this.push(companion, stanza).catch(() => {
      // The sandbox is stopping, or its disk is full, which the database reports.
    })
  }

  /** The client has said that it is active: it gets what came while it was away, a primer at once. */
  begin(line: ClientConnection, companion: Companion): void {
    line.delivery = new OfflineDelivery({
      context: this.#context(),
      line,
      companion,
      table: this.#table,
      owedAckMs: this.#owedAckMs,
      answered: (answer) => this.#noteAnswer(answer),
    })
    line.delivery.begin()
  }

  /** How clients answered, the latest thousand. */
  answers(number: string): QueueAnswer[] {
    return this.#answers.filter((answer) => answer.number === number)
  }

  /** How many stanzas wait for a companion's acknowledgement. */
  waiting(companion: Companion): number {
    return this.#table.waiting(companion).length
  }

  #deliveryTo(companion: Companion): OfflineDelivery | null {
    const line = this.#context()
      .lines.all()
      .find((one) => one.companion === companion && one.delivery !== null)
    return line?.delivery ?? null
  }

  #noteAnswer(answer: QueueAnswer): void {
    this.#answers.push(answer)
    if (this.#answers.length > maxAnswersKept) this.#answers.shift()
  }
}
