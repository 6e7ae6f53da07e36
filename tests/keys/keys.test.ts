import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Keys, mayUse } from '../../src-main/keys/keys.ts'
import type { NewKey } from '../../src-main/keys/keys.ts'
import { keyMigrations } from '../../src-main/keys/keys-table.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import { folder, quiet } from '../storage/support.ts'

const cipher = cipherWith(Buffer.alloc(32, 1))
const pos: NewKey = { name: 'POS', devices: { all: true }, rights: ['send'], expiresAt: null }
const unknown = expect.objectContaining({ name: 'Failure', code: 'key_unknown' })

function database(file = ':memory:'): Database {
  const opened = openDatabase({ file, migrations: keyMigrations, log: quiet })
  onTestFinished(() => opened.close())
  return opened
}

function keysOf(opened: Database, now?: () => number): Keys {
  return new Keys({ database: opened, cipher, log: quiet, ...(now === undefined ? {} : { now }) })
}

describe('an API key', () => {
  it('is not expired by a clock that is years ahead of every proof of time', async () => {
    const time = { now: Date.now(), proven: Date.now() }
    const keys = new Keys({
      database: database(),
      cipher,
      log: quiet,
      now: () => time.now,
      expiryNow: () => time.proven,
    })
    const { secret } = await keys.create({ ...pos, expiresAt: time.now + 86_400_000 })
    time.now += 730 * 86_400_000
    expect(keys.authenticate(secret, '127.0.0.1')).toMatchObject({ name: 'POS' })
    time.proven = time.now
    expect(() => keys.authenticate(secret, '127.0.0.1')).toThrow(
      expect.objectContaining({ code: 'key_expired' }),
    )
  })

  it('is 256 bits behind a prefix that tells what it is, and needs no encoding in a URL', async () => {
    const keys = keysOf(database())
    const secrets = new Set<string>()
    for (let count = 0; count < 50; count++) {
      const { key, secret } = await keys.create({ ...pos, name: `POS ${count}` })
      expect(secret).toMatch(/^kurir_[A-Za-z0-9_-]{43}$/)
      expect(key.lastFour).toBe(secret.slice(-4))
      secrets.add(secret)
    }
    expect(secrets.size).toBe(50)
  })

  it('works after a restart, and is in no file but as its hash', async () => {
    const file = join(folder(), 'keys.sqlite')
    const first = database(file)
    const { secret } = await keysOf(first).create(pos)
    await first.close()
    expect(readFileSync(file).includes(secret.slice(0, 30))).toBe(false)
    expect(keysOf(database(file)).authenticate(secret, '127.0.0.1')).toMatchObject({
      name: 'POS',
      rights: ['send'],
    })
  })

  it('has a name of its own, however that is written, even while it is being made', async () => {
    const keys = keysOf(database())
    const taken = { status: 'rejected', reason: { code: 'key_name_taken' } }
    const together = await Promise.allSettled([keys.create(pos), keys.create({ ...pos, name: 'pos' })])
    expect(together).toMatchObject([{ status: 'fulfilled' }, taken])
    expect(await Promise.allSettled([keys.create(pos)])).toMatchObject([taken])
    expect(keys.list()).toHaveLength(1)
  })

  it('is revoked at once, before that is on the disk', async () => {
    const opened = database(join(folder(), 'keys.sqlite'))
    const keys = keysOf(opened)
    const { key, secret } = await keys.create(pos)
    const revoked = keys.revoke(key.id)
    expect(() => keys.authenticate(secret, '::1')).toThrow(unknown)
    await revoked
    expect(keys.list()).toEqual([])
    expect(keysOf(opened).list()).toEqual([])
    await keys.revoke(key.id)
    await keys.create(pos)
  })

  it('that the disk did not let go is good for nothing, and can be revoked again', async () => {
    const opened = database()
    const keys = keysOf(opened)
    const { key, secret } = await keys.create(pos)
    const refusal = vi.spyOn(opened, 'write').mockRejectedValueOnce(new Error('the disk is full'))
    await expect(keys.revoke(key.id)).rejects.toThrow('the disk is full')
    refusal.mockRestore()
    expect(() => keys.authenticate(secret, '::1')).toThrow(unknown)
    // Still listed, so that the operator sees that a restart would bring it back.
    expect(keys.list()).toMatchObject([{ id: key.id }])
    await expect(keys.create(pos)).rejects.toMatchObject({ code: 'key_name_taken' })
    await keys.revoke(key.id)
    expect(keys.list()).toEqual([])
    expect(keysOf(opened).list()).toEqual([])
  })

  it('expires at its time, not before', async () => {
    let now = 1_000
    const keys = keysOf(database(), () => now)
    const { secret } = await keys.create({ ...pos, expiresAt: 2_000 })
    now = 1_999
    keys.authenticate(secret, '::1')
    now = 2_000
    expect(() => keys.authenticate(secret, '::1')).toThrow(expect.objectContaining({ code: 'key_expired' }))
  })

  it('tells who listens that it was made and revoked', async () => {
    const keys = keysOf(database())
    let changes = 0
    keys.onChange.add(() => changes++)
    const { key } = await keys.create(pos)
    await keys.revoke(key.id)
    expect(changes).toBe(2)
  })
})

describe('a wrong key', () => {
  it('is refused whatever it looks like, and counted with where it came from', async () => {
    const keys = keysOf(database(), () => 5_000)
    const { secret } = await keys.create(pos)
    expect(keys.wrong()).toEqual({ count: 0, lastAt: null, lastFrom: null })
    const wrong = [
      '',
      'x',
      secret.slice(0, -1),
      `${secret}x`,
      secret.toUpperCase(),
      ` ${secret}`,
      `kurir_${'A'.repeat(43)}`,
      'x'.repeat(100_000),
      '\0',
      '__proto__',
    ]
    for (const attempt of wrong) expect(() => keys.authenticate(attempt, '10.0.0.9')).toThrow(unknown)
    expect(keys.wrong()).toEqual({ count: wrong.length, lastAt: 5_000, lastFrom: '10.0.0.9' })
  })
})

describe('the use of a key', () => {
  it('is seen at once, and on the disk within a minute, in one write for all', async () => {
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const opened = database(join(folder(), 'keys.sqlite'))
    const keys = keysOf(opened)
    const { secret } = await keys.create(pos)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })

    const write = vi.spyOn(opened, 'write')
    for (let count = 0; count < 1_000; count++) keys.authenticate(secret, '127.0.0.1')
    expect(keys.list()[0]).toMatchObject({ lastUsedFrom: '127.0.0.1', lastUsedAt: expect.any(Number) })
    expect(write).not.toHaveBeenCalled()
    expect(keysOf(opened).list()[0]).toMatchObject({ lastUsedAt: null, lastUsedFrom: null })

    vi.advanceTimersByTime(60_000)
    vi.useRealTimers()
    await expect.poll(() => keysOf(opened).list()[0]).toMatchObject({ lastUsedFrom: '127.0.0.1' })
    expect(write).toHaveBeenCalledTimes(1)
  })

  it('is written down when the program stops', async () => {
    const opened = database()
    const keys = keysOf(opened, () => 7_000)
    const { secret } = await keys.create(pos)
    keys.authenticate(secret, '::1')
    await keys.stop()
    expect(keysOf(opened).list()[0]).toMatchObject({ lastUsedAt: 7_000, lastUsedFrom: '::1' })
  })
})

describe('what a key may do', () => {
  const real = { id: 'a', kind: 'whatsapp' as const }
  const practice = { id: 'b', kind: 'sandbox' as const }
  const key = async (wanted: Partial<NewKey>) => (await keysOf(database()).create({ ...pos, ...wanted })).key

  it.each([
    [{ all: true } as const, true, true],
    [{ kind: 'sandbox' } as const, false, true],
    [{ ids: ['a'] }, true, false],
    [{ ids: ['a', 'b'] }, true, true],
    [{ ids: [] }, false, false],
  ])('with devices %j', async (devices, mayReal, mayPractice) => {
    const made = await key({ devices })
    expect([mayUse(made, real, 'send'), mayUse(made, practice, 'send')]).toEqual([mayReal, mayPractice])
  })

  it('is what its rights name and nothing else', async () => {
    const made = await key({ rights: ['send', 'read'] })
    expect((['send', 'read', 'manage'] as const).map((right) => mayUse(made, real, right))).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('the key of the sandbox', () => {
  it('is the same at every start, for sandbox devices with all rights, and lies sealed', async () => {
    const file = join(folder(), 'keys.sqlite')
    const first = database(file)
    const keys = keysOf(first)
    const [secret, same] = await Promise.all([keys.sandboxSecret(), keys.sandboxSecret()])
    expect(same).toBe(secret)
    expect(keys.list()).toMatchObject([
      { name: 'sandbox', devices: { kind: 'sandbox' }, rights: ['send', 'read', 'manage'] },
    ])
    await first.close()
    expect(readFileSync(file).includes(secret)).toBe(false)

    const again = keysOf(database(file))
    expect(await again.sandboxSecret()).toBe(secret)
    expect(again.authenticate(secret, '::1').name).toBe('sandbox')
  })

  it('is made anew where another data key sealed it, and after it was revoked', async () => {
    const opened = database()
    const secret = await keysOf(opened).sandboxSecret()
    const elsewhere = new Keys({ database: opened, cipher: cipherWith(Buffer.alloc(32, 2)), log: quiet })
    const other = await elsewhere.sandboxSecret()
    expect(other).not.toBe(secret)
    expect(() => elsewhere.authenticate(secret, '::1')).toThrow(unknown)

    await elsewhere.revoke(elsewhere.authenticate(other, '::1').id)
    expect(await elsewhere.sandboxSecret()).not.toBe(other)
    expect(elsewhere.list()).toHaveLength(1)
  })

  it('is made anew after it was revoked, even where the disk did not let it go at first', async () => {
    const opened = database()
    const keys = keysOf(opened)
    const secret = await keys.sandboxSecret()
    const [key] = keys.list()
    const refusal = vi.spyOn(opened, 'write').mockRejectedValueOnce(new Error('the disk is full'))
    await expect(keys.revoke(key?.id ?? '')).rejects.toThrow('the disk is full')
    refusal.mockRestore()
    const anew = await keys.sandboxSecret()
    expect(anew).not.toBe(secret)
    expect(keys.authenticate(anew, '::1')).toMatchObject({ name: 'sandbox' })
    expect(keysOf(opened).list()).toHaveLength(1)
  })

  it('keeps its name to itself', async () => {
    const keys = keysOf(database())
    await expect(async () => keys.create({ ...pos, name: 'Sandbox' })).rejects.toMatchObject({
      code: 'key_name_taken',
    })
  })
})
