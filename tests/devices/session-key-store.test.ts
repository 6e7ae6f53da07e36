import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadBaileys } from '../../src-main/devices/baileys/baileys.ts'
import { connectionKeys } from '../../src-main/devices/session-keys/connection-keys.ts'
import { deviceMigrations } from '../../src-main/devices/store/devices-migrations.ts'
import {
  createKeyCache,
  readCredentials,
  SessionKeys,
} from '../../src-main/devices/session-keys/session-key-store.ts'
import type { KeyCache } from '../../src-main/devices/session-keys/session-key-store.ts'
import { SessionKeysTable } from '../../src-main/devices/session-keys/session-keys-table.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import type { Cipher } from '../../src-main/storage/settings/cipher.ts'
import { silentLog } from './devices-fixture.ts'

const baileys = await loadBaileys()

/** As much of one as is looked at. */
const openSession = { indexInfo: { closed: -1 }, _chains: { key: { chainType: 1 } } }

let database: Database
let table: SessionKeysTable
let cipher: Cipher
let cache: KeyCache
let failures: unknown[]

beforeEach(() => {
  database = openDatabase({ file: ':memory:', migrations: deviceMigrations, log: silentLog })
  table = new SessionKeysTable(database)
  cipher = cipherWith(randomBytes(32))
  cache = createKeyCache()
  failures = []
})

function open(deviceId = 'one'): SessionKeys {
  const failed = (error: unknown): void => void failures.push(error)
  return new SessionKeys({ deviceId, table, cipher, cache, failed }, baileys.initAuthCreds())
}

/** As after a restart: nothing in memory. */
function reopen(deviceId = 'one'): SessionKeys {
  cache.clear()
  return open(deviceId)
}

describe('the session keys', () => {
  it('gives back every kind of record as it was, after a restart', async () => {
    const records = {
      'pre-key': { '7': { public: randomBytes(32), private: randomBytes(32) } },
      session: { '62812.0': { _sessions: { key: openSession }, version: 'v1' } as never },
      'sender-key': { 'g::62812::0': Buffer.from('[]') },
      'sender-key-memory': { '1@g.us': { '62812:1@s.whatsapp.net': true } },
      'lid-mapping': { '62812': '1000', '1000_reverse': '62812' },
      'device-list': { '62812': ['0', '1'] },
      tctoken: { '1000@lid': { token: randomBytes(16), timestamp: '1700000000' } },
      'identity-key': { '62812.0': randomBytes(33) },
    }
    const keys = open()
    keys.set(records)
    await keys.saved()
    const again = reopen()
    for (const [type, byId] of Object.entries(records)) {
      const ids = Object.keys(byId)
      expect(again.get(type as keyof typeof records, ids)).toEqual(byId)
    }
  })

  it('shows a change at once, and a removal', async () => {
    const keys = open()
    keys.set({ 'lid-mapping': { a: '1' } })
    expect(keys.get('lid-mapping', ['a', 'b'])).toEqual({ a: '1' })
    keys.set({ 'lid-mapping': { a: null } })
    expect(keys.get('lid-mapping', ['a'])).toEqual({})
    await keys.saved()
    expect(reopen().get('lid-mapping', ['a'])).toEqual({})
  })

  it('writes what changed together in one transaction', async () => {
    let commits = 0
    const write = database.write.bind(database)
    database.write = ((work: () => unknown) => {
      commits++
      return write(work)
    }) as typeof database.write
    const keys = open()
    keys.set({ session: { a: { version: '1' } as never } })
    keys.set({ session: { b: { version: '1' } as never, a: { version: '2' } as never } })
    keys.set({ 'lid-mapping': { c: '1' } })
    await keys.saved()
    expect(commits).toBe(1)
    expect(keys.allSaved).toBe(true)
  })

  it('is saved a moment later though nobody asks', async () => {
    const keys = open()
    keys.set({ 'lid-mapping': { a: '1' } })
    expect(keys.allSaved).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(table.key('one', 'lid-mapping', 'a')).not.toBeNull()
  })

  it('keeps devices apart', async () => {
    const one = open('one')
    const other = open('other')
    one.set({ 'lid-mapping': { a: '1' } })
    other.set({ 'lid-mapping': { a: '2' } })
    await Promise.all([one.saved(), other.saved()])
    expect(reopen('one').get('lid-mapping', ['a'])).toEqual({ a: '1' })
    await table.wipe('one')
    expect(reopen('one').get('lid-mapping', ['a'])).toEqual({})
    expect(reopen('other').get('lid-mapping', ['a'])).toEqual({ a: '2' })
  })

  it('cannot be exchanged between devices or places', async () => {
    const keys = open()
    keys.set({ 'lid-mapping': { a: '1' } })
    await keys.saved()
    const sealed = table.key('one', 'lid-mapping', 'a')
    await table.save('two', null, [{ type: 'lid-mapping', id: 'a', sealed }])
    expect(() => open('two').get('lid-mapping', ['a'])).toThrow()
  })

  it('is not changed by what Baileys does to what it was given', async () => {
    const keys = open()
    keys.set({ 'sender-key-memory': { g: { a: true } }, 'device-list': { d: ['0'] } })
    Object.assign(keys.get('sender-key-memory', ['g'])['g'] ?? {}, { b: true })
    keys.get('device-list', ['d'])['d']?.push('9')
    expect(keys.get('sender-key-memory', ['g'])).toEqual({ g: { a: true } })
    expect(keys.get('device-list', ['d'])).toEqual({ d: ['0'] })
  })
})

describe('what is kept in memory', () => {
  it.each([
    ['as it was set', open],
    ['as it was read', reopen],
  ])('is text, which holds on to nothing that it came in: %s', async (_how, reader) => {
    const jid = '1000@lid'
    const frame = randomBytes(100_000)
    const keys = open()
    keys.set({ tctoken: { [jid]: { token: frame.subarray(10, 30), timestamp: '1700000000' } } })
    await keys.saved()
    const later = reader()
    later.get('tctoken', [jid])
    // What is found on the disk is kept from then on.
    await table.wipe('one')
    expect(later.get('tctoken', [jid])[jid]?.token).toEqual(frame.subarray(10, 30))
    expect(Array.from(cache.values(), (kept) => typeof kept)).toEqual(['string'])
  })

  it('has a bound, above which what was used longest ago is read from the disk again', async () => {
    const keys = open()
    const long = 'x'.repeat(100_000)
    const ids = Array.from({ length: 200 }, (_, index) => String(index))
    keys.set({ 'lid-mapping': Object.fromEntries(ids.map((id) => [id, `${long}${id}`])) })
    await keys.saved()
    expect(cache.calculatedSize).toBeLessThanOrEqual(12 * 1024 * 1024)
    expect(cache.size).toBeLessThan(130)
    expect(keys.get('lid-mapping', ['0'])).toEqual({ 0: `${long}0` })
  })
})

describe('credentials', () => {
  it('of an unfinished pairing are not written', async () => {
    const keys = open()
    keys.credentials.me = { id: '62812@s.whatsapp.net' }
    keys.noteCredentials()
    await keys.saved()
    expect(readCredentials(table, cipher, 'one')).toBeNull()
  })

  it('of a finished one come back as they were', async () => {
    const keys = open()
    keys.credentials.me = { id: '62812:1@s.whatsapp.net' }
    keys.credentials.account = { details: Buffer.from('x'), deviceSignature: Buffer.from('y') }
    keys.noteCredentials()
    await keys.saved()
    const back = readCredentials(table, cipher, 'one')
    expect(back?.noiseKey.private).toEqual(Buffer.from(keys.credentials.noiseKey.private))
    expect(back?.account?.details).toEqual(Buffer.from('x'))
    expect(() => readCredentials(table, cipherWith(randomBytes(32)), 'one')).toThrow()
  })
})

describe('a write that fails', () => {
  it('is told once, and nothing is given out or taken any more', async () => {
    const keys = open()
    keys.set({ 'lid-mapping': { a: 'good' } })
    await keys.saved()
    const write = database.write.bind(database)
    database.write = () => Promise.reject(new Error('the disk is full'))
    keys.set({ 'lid-mapping': { a: 'lost' } })
    await expect(keys.saved()).rejects.toThrow('session keys were not saved')
    expect(failures).toHaveLength(1)
    expect(() => keys.get('lid-mapping', ['a'])).toThrow()
    expect(() => keys.set({ 'lid-mapping': { a: 'later' } })).toThrow()
    database.write = write
    expect(open().get('lid-mapping', ['a'])).toEqual({ a: 'good' })
  })
})

describe('a connection’s keys', () => {
  it('keep one transaction under a key out while another runs, and let those under others in', async () => {
    const keys = connectionKeys(open())
    const order: string[] = []
    const slow = keys.transaction(async () => {
      order.push('slow begins')
      await new Promise((resolve) => setTimeout(resolve, 30))
      order.push('slow ends')
    }, 'jid')
    const same = keys.transaction(async () => void order.push('same'), 'jid')
    await keys.transaction(async () => void order.push('other'), 'another')
    await Promise.all([slow, same])
    expect(order).toEqual(['slow begins', 'other', 'slow ends', 'same'])
  })

  it('take a transaction inside another for part of it', async () => {
    const keys = connectionKeys(open())
    const inner = keys.transaction(
      async () => keys.transaction(async () => keys.isInTransaction(), 'jid'),
      'jid',
    )
    await expect(inner).resolves.toBe(true)
    expect(keys.isInTransaction()).toBe(false)
  })

  it('go on after one that throws', async () => {
    const keys = connectionKeys(open())
    await expect(keys.transaction(() => Promise.reject(new Error('no')), 'jid')).rejects.toThrow('no')
    await expect(keys.transaction(async () => 'yes', 'jid')).resolves.toBe('yes')
  })

  it('are out of reach once it is closed', async () => {
    const store = open()
    const keys = connectionKeys(store)
    keys.close()
    await expect(keys.set({ 'lid-mapping': { a: '1' } })).rejects.toThrow('closed')
    expect(store.get('lid-mapping', ['a'])).toEqual({})
  })
})
