import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { differences, shapesOf } from '../../scripts/stanza-shapes.ts'
import { stanzaOfText } from '../../src-main/devices/baileys/outbound/sent-stanzas.ts'
import { StanzaMasker } from '../../src-main/devices/trace/stanza-masker.ts'
import { StanzaTrace } from '../../src-main/devices/trace/stanza-trace.ts'
import type { TracedStanza } from '../../src-main/devices/trace/stanza-trace.ts'
import { temporaryFolder } from '../support/program.ts'
import { readCredentials } from '../../src-main/devices/session-keys/session-key-store.ts'
import { SessionKeysTable } from '../../src-main/devices/session-keys/session-keys-table.ts'
import { userOf } from '../../src-main/devices/connection/device-receipts.ts'
import type { Fixture } from './devices-fixture.ts'
import { inState, pairedDevice, sendText, silentLog, startFixture, until } from './devices-fixture.ts'

const sender = '6285500000000'
const recipient = '6281234567890'

function read(file: string): TracedStanza[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as TracedStanza)
}

/** Whatever is anybody's own, in the forms in which it goes over the line. */
function formsOf(secret: Uint8Array | string): string[] {
  if (typeof secret === 'string') return [secret]
  const bytes = Buffer.from(secret)
  return [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')].map((text) =>
    text.slice(0, 20),
  )
}

/** The keys, names and addresses of a device that was linked. */
function secretsOf(fixture: Fixture, deviceId: string): string[] {
  const credentials = readCredentials(new SessionKeysTable(fixture.database), fixture.cipher, deviceId)
  if (credentials === null) throw new Error('there are no credentials')
  const { noiseKey, signedIdentityKey, signedPreKey, pairingEphemeralKeyPair, advSecretKey, me } = credentials
  const pairs = [noiseKey, signedIdentityKey, signedPreKey.keyPair, pairingEphemeralKeyPair]
  const bytes = pairs.flatMap((pair) => [pair.private, pair.public])
  const addresses = [me?.id, me?.lid].flatMap((jid) => (jid === undefined ? [] : [userOf(jid)]))
  const names = me?.name === undefined ? [] : [me.name]
  return [...[...bytes, Buffer.from(advSecretKey, 'base64')].flatMap(formsOf), ...addresses, ...names]
}

it('a trace of a pairing, a message each way and a receipt has every stanza, and no text, number or key', async () => {
  const file = join(temporaryFolder(), 'evening.jsonl')
  const trace = new StanzaTrace(file, { version: '1', log: silentLog })
  const fixture = await startFixture({ trace })
  const { id } = await pairedDevice(fixture, sender)
  const { messageId } = await sendText(fixture.devices, id, `${recipient}@s.whatsapp.net`, 'Total Rp 85.000')
  await sendText(fixture.devices, id, fixture.sandbox.newsletter.jid, 'Promo akhir pekan')
  const arrived = await fixture.sandbox.write(recipient, sender, 'Terima kasih banyak')
  await expect
    .poll(() => read(file).filter(({ stanza }) => stanza.tag === 'receipt').length)
    .toBeGreaterThan(1)
  const code = await fixture.devices.add({ kind: 'sandbox', number: '6285500000077', name: 'Kasir Dua' })
  await fixture.devices.pair(code.id, 'code')
  const { state } = await until(
    fixture.devices,
    code.id,
    (one) => one.state.name === 'pairing' && one.state.code !== null,
  )
  const pairingCode = state.name === 'pairing' ? (state.code?.text ?? '') : ''
  await expect.poll(() => fixture.sandbox.waitingForCode('6285500000077')).toBe(true)
  await fixture.sandbox.enterCode(pairingCode, '6285500000077')
  await until(fixture.devices, code.id, inState('connected'))
  const keys = [id, code.id].flatMap((device) => secretsOf(fixture, device))
  const lids = fixture.sandbox.inbox().flatMap(({ from, to }) => [from, to])
  await fixture.stop()
  trace.close()

  const stanzas = read(file)
  const tags = (direction: string): Set<string> =>
    new Set(stanzas.filter((one) => one.direction === direction).map(({ stanza }) => stanza.tag))
  expect([...tags('in')]).toEqual(
    expect.arrayContaining(['iq', 'success', 'ack', 'receipt', 'message', 'ib']),
  )
  expect([...tags('out')]).toEqual(expect.arrayContaining(['iq', 'message', 'ack', 'receipt', 'presence']))
  const shapes = shapesOf(readFileSync(file, 'utf8')).map(({ direction, shape }) => `${direction} ${shape}`)
  expect(shapes.join('\n')).toMatch(/in iq.*pair-device/)
  expect(shapes.join('\n')).toMatch(/in iq.*pair-success/)
  expect(shapes.join('\n')).toMatch(/out iq.*link_code_companion_reg/)
  expect(shapes.join('\n')).toMatch(/out message\[.*type=text\].*participants\(to\[jid@/)
  expect(new Set(stanzas.map(({ device }) => device))).toEqual(new Set([1, 2]))

  const content = readFileSync(file)
  const secrets = [
    'Total Rp 85.000',
    'Promo akhir pekan',
    'Terima kasih',
    'Kasir Dua',
    messageId,
    arrived,
    pairingCode,
    ...lids,
    ...[sender, recipient, '6285500000077'].map((number) => number.slice(2)),
    ...keys,
  ]
  expect(keys.length).toBeGreaterThan(20)
  for (const secret of secrets) expect(content.includes(secret), secret).toBe(false)
  // Nothing that could be a number, a LID or a key is left beside the hashes, the times and the numbers of queries.
  const plain = content
    .toString()
    .replaceAll(/#[0-9a-f]{12}/g, '')
    .replaceAll(/"(?:t|ts|timestamp|at|beganAt|query_id)":"?\d+"?/g, '')
  expect(plain.match(/\d{6,}/g)).toBeNull()
  expect(plain.match(/[A-Za-z0-9+/=_-]{40,}/g)).toBeNull()
}, 60_000)

it('is for its owner alone, a new file each time, and of bounded size', () => {
  const file = join(temporaryFolder(), 'trace.jsonl')
  const trace = new StanzaTrace(file, { version: '1', log: silentLog, maxBytes: 2_000 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  for (let index = 0; index < 100; index++) trace.note('a', 'in', { tag: 'iq', attrs: { id: String(index) } })
  expect(statSync(file).size).toBeLessThanOrEqual(2_000)
  expect(read(file).length).toBeGreaterThan(5)
  expect(() => new StanzaTrace(file, { version: '1', log: silentLog })).toThrow(/is there already/)
  expect(() => new StanzaTrace('/nowhere/at/all', { version: '1', log: silentLog })).toThrow(
    /cannot be written/,
  )
})

it('keeps the protocol’s own words and hides everything else, the same person always under the same name', () => {
  const masker = new StanzaMasker()
  const mask = (attrs: Record<string, string>) => masker.mask({ tag: 'message', attrs }).attrs
  const { from, participant } = mask({
    from: '6281234567890:3@s.whatsapp.net',
    participant: '6281234567890@lid',
  })
  expect(from).toMatch(/^#[0-9a-f]{12}:3@s\.whatsapp\.net$/)
  expect(participant).toBe(`${from?.slice(0, 13)}@lid`)
  expect(new StanzaMasker().mask({ tag: 'a', attrs: { from: '6281234567890@lid' } }).attrs['from']).not.toBe(
    participant,
  )
  expect(
    mask({
      type: 'text',
      mediatype: 'image',
      to: 'status@broadcast',
      t: '1796000000',
      name: 'Toko Makmur',
      notify: 'Budi',
      code: '6281234567890',
      error: 'x'.repeat(65),
      pushname: '081234567890',
      odd: 'a@b@c',
    }),
  ).toEqual({
    type: 'text',
    mediatype: 'image',
    to: 'status@broadcast',
    t: '1796000000',
    name: '…',
    notify: '…',
    code: expect.stringMatching(/^#/),
    error: '…',
    pushname: expect.stringMatching(/^#/),
    odd: expect.stringMatching(/^#/),
  })
  const content = [{ tag: '6281234567890', attrs: { '6281234567890': 'x' }, content: randomBytes(9) }]
  expect(masker.mask({ tag: 'iq', attrs: {}, content })).toEqual({
    tag: 'iq',
    attrs: {},
    children: [{ tag: '…', attrs: {} }],
  })
})

it('reads what Baileys tells its log of a stanza, and takes no content for a tag', () => {
  const text =
    "<message to='1@lid' id='3EB0' type='text'>\n\t\t<participants >\n\t\t\t\t<to jid='1:0@lid'>\n\t\t\t\t\t\t<enc v='2' type='msg'>\n\t\t\t\t\t\t\tdeadbeef\n\t\t\t\t\t\t</enc>\n\t\t\t\t</to>\n\t\t</participants>\n\t\t<meta view_once='true'/>\n</message>"
  const enc = { tag: 'enc', attrs: { v: '2', type: 'msg' } }
  expect(stanzaOfText(text)).toEqual({
    tag: 'message',
    attrs: { to: '1@lid', id: '3EB0', type: 'text' },
    content: [
      { tag: 'participants', attrs: {}, content: [{ tag: 'to', attrs: { jid: '1:0@lid' }, content: [enc] }] },
      { tag: 'meta', attrs: { view_once: 'true' } },
    ],
  })
  expect(stanzaOfText('no stanza')).toBeNull()
})

it('two traces can be compared: what one server says and another does not comes out', async () => {
  const folder = temporaryFolder()
  const trace = (name: string, ...stanzas: { tag: string; attrs: Record<string, string> }[]): string => {
    const file = join(folder, name)
    const written = new StanzaTrace(file, { version: '1', log: silentLog })
    for (const stanza of stanzas) written.note('a', 'in', stanza)
    written.close()
    return readFileSync(file, 'utf8')
  }
  const ack = { tag: 'ack', attrs: { class: 'message', id: 'A1', from: '1@lid' } }
  const again = { ...ack, attrs: { ...ack.attrs, id: 'B2', from: '2@lid' } }
  const refused = { ...ack, attrs: { ...ack.attrs, error: '463' } }
  const real = shapesOf(trace('real', ack, again, refused))
  const sandbox = shapesOf(trace('sandbox', again))
  expect(real).toMatchObject([{ count: 2, shape: 'ack[class=message from@lid id]' }, { count: 1 }])
  expect(differences(real, sandbox)).toEqual({
    only: ['in ack[class=message error=463 from@lid id]'],
    missing: [],
  })
  writeFileSync(join(folder, 'other'), '{"anything":1}')
  expect(() => shapesOf(readFileSync(join(folder, 'other'), 'utf8'))).toThrow()
})
