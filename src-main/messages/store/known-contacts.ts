import { LRUCache } from 'lru-cache'
import { contactsRemembered } from '../../lib/contacts-remembered.ts'
import type { ContactsTable } from './contacts-table.ts'
import type { Message } from '../message.ts'
import { isJid } from '../submit/call-recipients.ts'

/** How exactly it is kept when a contact was last written to, in milliseconds: a day. */
const precisionMs = 24 * 3_600_000

type Contact = Pick<Message, 'deviceId' | 'recipient'>

/** Whom each device has written to before. */
export class Contacts {
  readonly #table: ContactsTable
  /** The database is asked only about those not written to lately. */
  readonly #writtenAt = new LRUCache<string, number>({ max: contactsRemembered })

  constructor(table: ContactsTable) {
    this.#table = table
  }

  isNew(contact: Contact): boolean {
    // Groups and newsletters are no strangers: somebody let the account in.
    if (isJid(contact.recipient)) return false
    return !this.#writtenAt.has(keyOf(contact)) && !this.#table.isKnown(contact.deviceId, contact.recipient)
  }

  /** Only inside Database.write. Answers whether there was something to write: not when that was done lately. */
  write(contact: Contact, at: number): boolean {
    const writtenAt = this.#writtenAt.get(keyOf(contact))
    if (writtenAt !== undefined && at - writtenAt < precisionMs) return false
    this.#table.remember(contact.deviceId, contact.recipient, at)
    return true
  }

  /** To be called once that is on the disk, and only where something was written. */
  written(contact: Contact, at: number): void {
    this.#writtenAt.set(keyOf(contact), at)
  }
}

function keyOf({ deviceId, recipient }: Contact): string {
  return `${deviceId} ${recipient}`
}
