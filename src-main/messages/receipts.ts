import type { Receipt } from '../devices/connection/sending.ts'
import { sentenceOf } from '../failure.ts'
import type { Listeners } from '../listeners.ts'
import type { Logger } from '../logger.ts'
import type { Database } from '../storage/database.ts'
import type { Contacts } from './contacts.ts'
import type { Counts } from './counts.ts'
import type { Ledger } from './ledger.ts'
import type { Message } from './message.ts'
import type { MessagesTable } from './messages-table.ts'
import type { Outbox } from './outbox.ts'

/** Receipts kept while the database cannot be written; WhatsApp does not send them again. */
const mostKept = 10_000

export interface ReceiptParts {
  database: Database
  rows: MessagesTable
  outbox: Outbox
  ledger: Ledger
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
  readonly #parts: ReceiptParts
  readonly #stopListening: () => void
  #kept: Receipt[] = []

  constructor(parts: ReceiptParts) {
    this.#parts = parts
    this.#stopListening = parts.database.onHealth.add((health) => {
      if (health === 'ok') void this.#takeKept()
    })
  }

  async take(receipt: Receipt): Promise<void> {
    let moved: Moved[]
    try {
      moved = await this.#parts.database.writeAlong(() => this.#move(receipt))
    } catch (thrown) {
      this.#parts.log.warn({ reason: sentenceOf(thrown) }, 'a receipt could not be written yet')
      if (this.#kept.length < mostKept) this.#kept.push(receipt)
      return
    }
    for (const { message, contactWritten } of moved) {
      if (contactWritten) this.#parts.contacts.written(message, message.changedAt)
      this.#tell(message)
    }
  }

  stop(): void {
    this.#stopListening()
  }

  #move({ deviceId, messageIds, kind, at }: Receipt): Moved[] {
    const { rows } = this.#parts
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
    const { contacts, counts } = this.#parts
    counts.add(message.deviceId, true, at)
    return contacts.write(message, message.changedAt)
  }

  /** A receipt may be the first that is heard of a message whose acknowledgement is still awaited. */
  #tell(message: Message): void {
    const { outbox, ledger, onChange } = this.#parts
    const job = outbox.jobOf(message)
    if (job === undefined) {
      onChange.emit(message)
      return
    }
    ledger.moved(job, message)
    outbox.decidedElsewhere(job)
  }

  async #takeKept(): Promise<void> {
    const kept = this.#kept
    this.#kept = []
    await Promise.all(kept.map((receipt) => this.take(receipt)))
  }
}
