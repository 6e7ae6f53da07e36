import { describe, expect, it } from 'vitest'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'
import type { Client } from './client.ts'

stopAfterEach()

/** A Baileys as it is, without what Kurir mends. */
const bare = { shouldIgnoreJid: (jid: string) => jid === 'status@broadcast' }

/** What a client hears after its next login, in order: tags, and `offline` for the end of the queue. */
async function hearsAfterLogin(client: Client): Promise<BinaryNode[]> {
  const heard: BinaryNode[] = []
  const sock = client.connect()
  sock.ws.on('frame', (frame: BinaryNode | Uint8Array) => {
    if (!(frame instanceof Uint8Array)) heard.push(frame)
  })
  await client.until(() => client.open)
  return heard
}

const stanzas = (heard: BinaryNode[], tag: string): BinaryNode[] => heard.filter((one) => one.tag === tag)
const ibs = (heard: BinaryNode[], tag: string): BinaryNode[] =>
  stanzas(heard, 'ib').filter(({ content }) => Array.isArray(content) && content[0]?.tag === tag)

describe('what comes while a companion is away', () => {
  it('is announced, begins with five and goes on in the portions that are asked for, then ends', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.close()
    for (let index = 0; index < 20; index++) await practice.write(recipient, sender, `text ${index}`)
    const heard = await hearsAfterLogin(device)
    // rc14 asks for a hundred.
    await expect.poll(() => ibs(heard, 'offline').length).toBe(1)
    const [preview] = ibs(heard, 'offline_preview')
    expect(preview?.content).toMatchObject([{ attrs: { count: '20', message: '20', status: '0' } }])
    expect(stanzas(heard, 'message').map(({ attrs }) => attrs['offline'])).toEqual(
      Array.from({ length: 20 }, (_, index) => String(index)),
    )
    await expect.poll(() => practice.unacknowledged(sender)).toBe(0)
    expect(practice.reports()).toEqual([])
  })

  it('is left where a client asks but once for a hundred, and nothing live comes after it', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    await device.close()
    for (let index = 0; index < 150; index++) await practice.write(recipient, sender, `text ${index}`)
    const heard = await hearsAfterLogin(device)
    await expect.poll(() => practice.unacknowledged(sender)).toBe(45)
    const id = (await device.say(recipient, 'Halo')).attrs['id'] ?? ''
    await practice.write(recipient, sender, 'live')
    await expect.poll(() => practice.unacknowledged(sender)).toBe(46)
    expect(ibs(heard, 'offline')).toEqual([])
    expect(device.receipts.filter((one) => one.attrs['id'] === id)).toEqual([])
  }, 30_000)

  it('and is refused stays, comes first at the next login and withholds the rest', async () => {
    const practice = await sandbox()
    const device = await paired(practice, sender, bare)
    for (let index = 0; index < 20; index++) await practice.postStatus(recipient, sender, 'message')
    await expect.poll(() => practice.answers(sender).map(({ answer }) => answer)).toHaveLength(20)
    expect(new Set(practice.answers(sender).map(({ answer }) => answer))).toEqual(new Set(['ack 500']))
    await device.close()
    const heard = await hearsAfterLogin(device)
    const id = (await device.say(recipient, 'Halo')).attrs['id'] ?? ''
    await practice.write(recipient, sender, 'live')
    await expect.poll(() => practice.answers(sender).length).toBe(40)
    expect(stanzas(heard, 'message').every(({ attrs }) => attrs['from'] === 'status@broadcast')).toBe(true)
    expect(device.receipts.filter((one) => one.attrs['id'] === id)).toEqual([])
    expect(ibs(heard, 'offline')).toEqual([])
    expect(practice.reports().at(0)).toMatchObject({ kind: 'not_acknowledged' })
  })

  it('survives a client that does not acknowledge it: it comes again, and is not lost', async () => {
    const practice = await sandbox()
    const device = await paired(practice)
    device.deaf('message')
    await practice.write(recipient, sender, 'unheard')
    await device.close()
    const heard = await hearsAfterLogin(device)
    await expect.poll(() => practice.unacknowledged(sender)).toBe(0)
    expect(stanzas(heard, 'message')).toHaveLength(1)
  })
})

describe('an acknowledgement that is owed for too long', () => {
  it('ends the stream, naming the stanza: a status of today’s form has none from rc14', async () => {
    const practice = await sandbox({ owedAckMs: 300 })
    const device = await paired(practice)
    const heard = new Promise<BinaryNode>((resolve) => device.sock?.ws.once('CB:stream:error', resolve))
    const id = await practice.postStatus(recipient, sender, 'status')
    expect(await heard).toMatchObject({ content: [{ tag: 'ack', attrs: { class: 'status', id } }] })
    // Which rc14 takes for a bad session.
    await device.until(() => device.ended !== null)
    expect(device.ended).toBe(500)
  })
})
