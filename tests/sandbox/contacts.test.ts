import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Contacts } from '../../src-main/sandbox/chats/sandbox-contacts.ts'
import { sandboxMigrations, SandboxTable } from '../../src-main/sandbox/sandbox-table.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { quiet } from './client.ts'

const number = '6285500000500'

let database: Database
let contacts: Contacts
beforeEach(() => {
  database = openDatabase({ file: ':memory:', migrations: sandboxMigrations, log: quiet })
  contacts = new Contacts(database, new SandboxTable(database))
})
afterEach(() => database.close())

/** The id of the one-time pre-key that a client is given which meets the number for the first time. */
async function met(): Promise<number | undefined> {
  const phone = await contacts.endpoint(number, 0)
  return phone === null ? undefined : (await contacts.bundle(phone)).preKey?.id
}

describe('a phone that several clients meet at once', () => {
  it('is one phone, and gives each client a one-time pre-key of its own', async () => {
    const given = await Promise.all([met(), met(), met(), met()])
    expect(given.toSorted()).toEqual([1, 2, 3, 4])
  })

  it('is the same when it is asked for before and after it is kept', async () => {
    const before = contacts.endpoint(number, 0)
    const meanwhile = contacts.endpoint(number, 0)
    const [first, second] = await Promise.all([before, meanwhile])
    expect(second).toBe(first)
    expect(await contacts.endpoint(number, 0)).toBe(first)
  })
})
