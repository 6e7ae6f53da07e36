import type { Receipt } from '../../devices/connection/sending/outgoing.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { Listeners } from '../../lib/listeners.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Database } from '../../storage/database/database.ts'
import type { Contacts } from '../store/known-contacts.ts'
import type { Counts } from '../log/daily-counts.ts'
import type { MessageStore } from '../store/message-store.ts'
import type { Message } from '../message.ts'
import type { MessagesTable } from '../store/messages-table.ts'
import type { Outbox } from '../queue/outbox.ts'

/** Receipts kept while the database cannot be written; WhatsApp does not send them again. */
const maxKeptReceipts = 10_000

export interface ReceiptsDependencies {
  database: Database
  rows: MessagesTable
  outbox: Outbox
  store: MessageStore
  contacts: Contacts
  counts: Counts
  onChange: Listeners<Message>
  log: Logger
}

/** What a receipt has moved, and whose contact was written with it. */
interface Moved {
  message: Message
  contactWritten: boolean
}

/**
 * Moves rows on as recipients' phones tell of them: delivered, read, played. They come in any order,
 * repeated, late, and for messages that were not sent from here; a row only ever moves forward.
 */
export class Receipts {
  readonly #dependencies: ReceiptsDependencies
  readonly #stopListening: () => void
  #kept: Receipt[] = []

  constructor(dependencies: ReceiptsDependencies) {
    this.#dependencies = dependencies
    this.#stopListening = dependencies.database.onHealth.add((health) => {
      if (health === 'ok') void this.#takeKept()
    })
  }

  async take(receipt: Receipt): Promise<void> {
    let moved: Moved[]
    try {
      moved = await this.#dependencies.database.writeDeferred(() => this.#move(receipt))
    } catch (error) {
      this.#dependencies.log.warn({ reason: sentenceOf(error) }, 'could not save a receipt yet')
      if (this.#kept.length < maxKeptReceipts) this.#kept.push(receipt)
      return
    }
    for (const { message, contactWritten } of moved) {
      if (contactWritten) this.#dependencies.contacts.written(message, message.changedAt)
      this.#publish(message)
    }
  }

  stop(): void {
    this.#stopListening()
  }

  #move({ deviceId, messageIds, kind, at }: Receipt): Moved[] {
    const { rows } = this.#dependencies
    const moved: Moved[] = []
    for (const id of messageIds) {
      // Asked of the row: in memory it is undecided until this is on the disk, also for a receipt that comes meanwhile.
      const decides = rows.isUndecided(deviceId, id)
      const message = rows.moveByReceipt(deviceId, id, kind, at)
      if (message === undefined) continue
      moved.push({ message, contactWritten: decides && this.#decide(message, at) })
    }
    return moved
  }

  /** What the acknowledgement would have brought, where it has not come; answers whether the contact was written. */
  #decide(message: Message, at: number): boolean {
    const { contacts, counts } = this.#dependencies
    counts.add(message.deviceId, true, at)
    return contacts.write(message, message.changedAt)
  }

  /** A receipt may be the first that is heard of a message whose acknowledgement is still awaited. */
  #publish(message: Message): void {
    const { outbox, store, onChange } = this.#dependencies
    const job = outbox.jobOf(message)
    if (job === undefined) {
      onChange.emit(message)
      return
    }
    store.moved(job, message)
    outbox.decidedElsewhere(job)
  }

  async #takeKept(): Promise<void> {
    const kept = this.#kept
    this.#kept = []
    await Promise.all(kept.map((receipt) => this.take(receipt)))
  }
}
