import { describe, expect, it, onTestFinished } from 'vitest'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { jidOf } from '../../src-main/sandbox/accounts/sandbox-numbers.ts'
import type { AccountTraits, Sandbox, SandboxOptions } from '../../src-main/sandbox/sandbox.ts'
import { recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'
import { SpringClient } from './spring-client.ts'

stopAfterEach()

const pn = jidOf(recipient)
const lid = jidOf(recipient, 0, 'lid')
const picture = Buffer.from('a picture of a pixel')

async function linked(
  traits: Partial<AccountTraits>,
  options: Partial<SandboxOptions> = {},
): Promise<{ practice: Sandbox; client: SpringClient }> {
  const practice = await sandbox({ ...options, accountTraits: traits })
  const client = new SpringClient(practice)
  onTestFinished(() => client.close())
  await client.connect(sender)
  return { practice, client }
}

const ping: BinaryNode = {
  tag: 'iq',
  attrs: { to: 's.whatsapp.net', type: 'get', xmlns: 'w:p' },
  content: [{ tag: 'ping', attrs: {} }],
}

const errorOf = (ack: BinaryNode): string | undefined => ack.attrs['error']

describe('a client of spring 2026', () => {
  it('gets through where the account is as accounts were in spring', async () => {
    const { practice, client } = await linked({})
    expect(errorOf(await client.send(pn, { text: 'Halo' }))).toBeUndefined()
    expect(practice.inbox(recipient)).toMatchObject([{ text: 'Halo', ownCopy: true }])
    expect(practice.reports()).toEqual([])
  })

  it('calls a message sent that a migrated account is refused, because it writes to a phone number', async () => {
    const { practice, client } = await linked({ lidMigrated: true })
    expect(errorOf(await client.send(pn, { text: 'Halo' }))).toBe('463')
    expect(practice.inbox()).toEqual([])
    expect(errorOf(await client.send(lid, { text: 'Halo' }))).toBeUndefined()
  })

  it('is refused where it writes to the LIDs of an account that is not migrated', async () => {
    const { practice, client } = await linked({})
    expect(errorOf(await client.send(lid, { text: 'Halo' }))).toBe('400')
    expect(practice.inbox()).toEqual([])
  })

  it('writes on to the old LID of a number that was registered anew', async () => {
    const { practice, client } = await linked({ lidMigrated: true })
    practice.fault({ kind: 'refresh-lid' })
    const acks = [await client.send(lid, { text: 'one' }), await client.send(lid, { text: 'two' })]
    expect(acks.map(({ attrs }) => attrs['refresh_lid'])).toEqual(['true', 'true'])
  })

  it('is refused by contacts who have never written, because it makes no token of the account’s salt', async () => {
    const { practice, client } = await linked({ lidMigrated: true, tokensDemanded: true })
    expect(errorOf(await client.send(lid, { text: 'Halo' }))).toBe('463')
    expect(practice.inbox()).toEqual([])
  })

  it('calls a picture to be seen once sent that is shown to nobody, because it names no mediatype', async () => {
    const { practice, client } = await linked({ lidMigrated: true })
    const shown = { image: picture, jpegThumbnail: '', width: 1, height: 1 }
    expect(errorOf(await client.send(lid, shown))).toBeUndefined()
    expect(errorOf(await client.send(lid, { ...shown, viewOnce: true }))).toBeUndefined()
    expect(practice.inbox(recipient)).toMatchObject([{ kind: 'image', viewOnce: false }])
    expect(practice.reports().map(({ detail }) => detail)).toContain('mediatype none for image: dropped')
  })

  it('leaves statuses unanswered, and its stream ends for that', async () => {
    const { practice, client } = await linked({ lidMigrated: true }, { owedAckMs: 300 })
    const ended = new Promise((resolve) => client.sock?.ws.once('CB:stream:error', resolve))
    await practice.postStatus(recipient, sender, 'status')
    expect(((await ended) as BinaryNode).content).toMatchObject([{ tag: 'ack' }])
  })

  it('asks for one portion of what came while it was away, and never hears the rest', async () => {
    const { practice, client } = await linked({ lidMigrated: true })
    await client.close()
    await expect.poll(() => practice.isConnected(sender)).toBe(false)
    for (let index = 0; index < 150; index++) await practice.write(recipient, sender, `pesan ${index}`)
    await client.connect(sender)
    await expect.poll(() => practice.answers(sender).length, { timeout: 20_000 }).toBeGreaterThan(100)
    // Behind everything that it was going to answer.
    await client.sock?.query(ping)
    expect(practice.unacknowledged(sender)).toBeGreaterThan(0)
  })
})
