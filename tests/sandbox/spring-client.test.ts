import { describe, expect, it, onTestFinished } from 'vitest'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { jidOf } from '../../src-main/sandbox/numbers.ts'
import type { AccountTraits, Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { recipient, sandbox, sender, stopAfterEach } from './rig.ts'
import { SpringClient } from './spring-client.ts'

stopAfterEach()

const pn = jidOf(recipient)
const lid = jidOf(recipient, 0, 'lid')
const picture = Buffer.from('a picture of a pixel')

async function linked(traits: Partial<AccountTraits>): Promise<{ practice: Sandbox; client: SpringClient }> {
  const practice = await sandbox({ accountTraits: traits })
  const client = new SpringClient(practice)
  onTestFinished(() => client.close())
  await client.connect(sender)
  return { practice, client }
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
})
