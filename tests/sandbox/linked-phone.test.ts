import { createDecipheriv, createHmac } from 'node:crypto'
import { Agent, get } from 'node:https'
import { inflateSync } from 'node:zlib'
import {
  BufferJSON,
  decodePatches,
  decodeSyncdSnapshot,
  getMediaKeys,
  newLTHashState,
  proto,
} from '@whiskeysockets/baileys'
import type { BinaryNode, WAMessage } from '@whiskeysockets/baileys'
import { beforeEach, describe, expect, it } from 'vitest'
import { jidOf } from '../../src-main/sandbox/accounts/sandbox-numbers.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { eventually } from '../support/program.ts'
import type { Client } from './client.ts'
import { client, paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

const week = 7 * 24 * 60 * 60
const now = (): number => Math.floor(Date.now() / 1000)

/** What the own phone tells a client, from before it is linked. */
async function linked(practice: Sandbox): Promise<{ own: Client; told: WAMessage[] }> {
  const own = client(practice)
  const told: WAMessage[] = []
  own.connect()
  await own.until(() => own.qr !== null)
  await practice.scan(own.qr ?? '', sender)
  await own.until(() => own.ended === 515)
  const sock = own.connect()
  sock.ev.on('messages.upsert', ({ messages }) => told.push(...messages.filter(({ key }) => key.fromMe)))
  await own.until(() => own.open)
  return { own, told }
}

const historyOf = ({ message }: WAMessage): proto.Message.IHistorySyncNotification | null | undefined =>
  message?.protocolMessage?.historySyncNotification

it('a phone shares its key and four parts of its history with a device that is linked, and each is receipted', async () => {
  const practice = await sandbox({ history: true })
  await practice.preparePhone(sender, {
    contacts: [{ number: recipient, tokenAt: now(), issuedAt: now() - 5, expirationSeconds: 86_400 }],
  })
  const { told } = await linked(practice)
  await eventually(() => told.length === 5)
  const parts = told.flatMap((message) => historyOf(message) ?? [])
  expect(parts.map(({ syncType }) => syncType)).toEqual([0, 4, 3, 5])
  const inline = inflateSync(parts[0]?.initialHistBootstrapInlinePayload ?? Buffer.alloc(0))
  const [conversation] = proto.HistorySync.decode(inline).conversations
  expect(conversation).toMatchObject({ id: jidOf(recipient), ephemeralExpiration: 86_400 })
  expect(Buffer.from(conversation?.tcToken ?? []).toString()).toBe(`token of ${recipient}`)
  await eventually(() => practice.unconfirmed(sender) === 0)
  expect(practice.reports()).toEqual([])
})

it('what a device has not receipted comes again at its next login', async () => {
  const practice = await sandbox({ history: true })
  const own = client(practice)
  own.connect()
  await own.until(() => own.qr !== null)
  await practice.scan(own.qr ?? '', sender)
  await own.until(() => own.ended === 515)
  own.connect()
  own.deaf('message')
  await own.until(() => own.open)
  await own.close()
  expect(practice.unconfirmed(sender)).toBe(5)
  await own.logIn()
  await eventually(() => practice.unconfirmed(sender) === 0)
})

it('its app state is encrypted as Baileys verifies it: a snapshot, then patches, each MAC right', async () => {
  const practice = await sandbox({ history: true })
  const own = await paired(practice)
  await eventually(() => practice.unconfirmed(sender) === 0)
  await practice.changeSalt(sender, Buffer.alloc(32, 7))
  await practice.changeSalt(sender, null)
  const warned: unknown[] = []
  const logger = { warn: (...words: unknown[]) => warned.push(words), trace: () => {}, debug: () => {} }
  const key = async (id: string): Promise<proto.Message.IAppStateSyncKeyData> =>
    proto.Message.AppStateSyncKeyData.fromObject(
      JSON.parse(own.keys.values.get(`app-state-sync-key|${id}`) ?? '{}', BufferJSON.reviver) as object,
    )

  const changes = patchesOf(await ask(own, 2, false))
  expect(changes.map(({ mutations }) => mutations?.map(({ operation }) => operation))).toEqual([[0], [1]])
  const fromNothing = patchesOf(await ask(own, 0, false))
  const all = await decodePatches(
    'regular_high',
    fromNothing,
    newLTHashState(),
    key,
    {},
    undefined,
    logger as never,
  )
  expect(all.state.version).toBe(4)
  expect(Object.keys(all.mutationMap)).toEqual(['["mute","120363000000000009@g.us"]', '["nct_salt_sync"]'])

  const [snapshotNode] = childrenOf(await ask(own, 0, true))
  const reference = proto.ExternalBlobReference.decode(snapshotNode?.content as Uint8Array)
  const snapshot = proto.SyncdSnapshot.decode(await fileOf(practice, reference))
  const restored = await decodeSyncdSnapshot('regular_high', snapshot, key, undefined, true, logger as never)
  expect(restored.state).toMatchObject({ version: 4, hash: all.state.hash })
  expect(Object.keys(restored.mutationMap)).toEqual(['["mute","120363000000000009@g.us"]'])
  expect(warned).toEqual([])
})

async function ask(own: Client, version: number, snapshot: boolean): Promise<BinaryNode> {
  const attrs = { name: 'regular_high', version: String(version), return_snapshot: String(snapshot) }
  const answer = (await own.sock?.query({
    tag: 'iq',
    attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:sync:app:state' },
    content: [{ tag: 'sync', attrs: {}, content: [{ tag: 'collection', attrs }] }],
  })) as BinaryNode
  const [sync] = childrenOf(answer)
  const [collection] = childrenOf(sync)
  return collection as BinaryNode
}

function patchesOf(collection: BinaryNode): proto.SyncdPatch[] {
  const [patches] = childrenOf(collection)
  return childrenOf(patches).map(({ content }) => proto.SyncdPatch.decode(content as Uint8Array))
}

function childrenOf(node: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(node?.content) ? node.content : []
}

/** A file of the media host's, decrypted. */
async function fileOf(practice: Sandbox, file: proto.IExternalBlobReference): Promise<Buffer> {
  const options = { agent: new Agent({ ca: practice.certificate }) }
  const body = await new Promise<Buffer>((resolve, reject) => {
    const url = `https://127.0.0.1:${practice.ports[1]}${file.directPath}`
    get(url, options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve(Buffer.concat(parts)))
    }).on('error', reject)
  })
  const { iv, cipherKey } = await getMediaKeys(file.mediaKey ?? new Uint8Array(), 'md-app-state')
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
  return Buffer.concat([decipher.update(body.subarray(0, -10)), decipher.final()])
}

describe('on an account where tokens are demanded', () => {
  let practice: Sandbox
  let own: Client
  const salt = Buffer.alloc(32, 5)
  beforeEach(async () => {
    practice = await sandbox({ history: true, accountTraits: { tokensDemanded: true } })
    own = await paired(practice)
    await practice.changeSalt(sender, salt)
  })

  const say = async (additionalNodes: BinaryNode[], to = recipient): Promise<string | undefined> => {
    const id = `TOKEN${Math.random()}`
    const jid = to.includes('@') ? to : jidOf(to)
    await own.sock?.relayMessage(jid, { conversation: 'hello' }, { messageId: id, additionalNodes })
    return (await own.ack(id)).attrs['error']
  }
  const cstoken = (key: Buffer, of = jidOf(recipient, 0, 'lid')): BinaryNode => ({
    tag: 'cstoken',
    attrs: {},
    content: createHmac('sha256', key).update(of).digest(),
  })

  it('a first message to a stranger is refused without a token, and with the wrong one', async () => {
    expect(await say([])).toBe('463')
    expect(practice.reports()).toEqual([])
    expect(await say([cstoken(Buffer.alloc(32, 6))])).toBe('463')
    expect(await say([cstoken(salt, jidOf(recipient))])).toBe('463')
    expect(await say([{ tag: 'tctoken', attrs: {}, content: Buffer.from('made up') }])).toBe('463')
    expect(practice.reports().map(({ kind }) => kind)).toEqual(Array(3).fill('token_wrong'))
    expect(practice.inbox()).toEqual([])
  })

  it('a cstoken under the account’s salt is taken, and no longer once the salt was removed', async () => {
    expect(await say([cstoken(salt)])).toBeUndefined()
    await practice.changeSalt(sender, null)
    expect(await say([cstoken(salt)])).toBe('463')
  })

  it('a tctoken is taken for the week in which it was given and three more', async () => {
    await practice.giveToken(recipient, sender)
    // Baileys attaches what the notification brought.
    await eventually(() => own.keys.values.has(`tctoken|${jidOf(recipient, 0, 'lid')}`))
    expect(await say([])).toBeUndefined()
    const token = { tag: 'tctoken', attrs: {} }
    const given = async (at: number): Promise<BinaryNode> => {
      own.deaf('notification')
      await practice.preparePhone(sender, { contacts: [{ number: recipient, tokenAt: at }] })
      own.keys.values.clear()
      return { ...token, content: Buffer.from(`token of ${recipient}`) }
    }
    const bucket = Math.floor(now() / week) * week
    expect(await say([await given(bucket - 3 * week)])).toBeUndefined()
    expect(await say([await given(bucket - 3 * week - 1)])).toBe('463')
  })

  it('who has written to this device needs none, and gives one', async () => {
    const news = own.hears('notification', 'privacy_token')
    await practice.write(recipient, sender, 'I am first')
    expect((await news).attrs).toMatchObject({ sender_lid: jidOf(recipient, 0, 'lid') })
    own.keys.values.delete(`tctoken|${jidOf(recipient, 0, 'lid')}`)
    expect(await say([])).toBeUndefined()
  })

  it('nobody needs one to write to himself, and 479 answers one on a message to a group', async () => {
    expect(await say([], sender)).toBeUndefined()
    const group = practice.groups[0]?.jid ?? ''
    expect(await say([], group)).toBeUndefined()
    expect(await say([cstoken(salt)], group)).toBe('479')
  })

  it('the tokens that it gives are recorded', async () => {
    await say([cstoken(salt)])
    await eventually(() => practice.issuedTokens(sender).length === 1)
    expect(practice.issuedTokens(sender)).toEqual([
      { contact: recipient, issuedAt: expect.closeTo(now(), -1) as number },
    ])
  })
})
