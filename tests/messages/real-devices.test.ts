import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Devices } from '../../src-main/devices/devices.ts'
import type { Call, Submission } from '../../src-main/messages/submit/call.ts'
import { Messages } from '../../src-main/messages/messages.ts'
import { migrations } from '../../src-main/app/migrations.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import { callFor, memorySettings, only, ScriptedMedia, silentLog, until } from './messages-fixture.ts'

const sender = '6285500000000'
const budgetMs = 20_000

/** Messages on real devices, on a practice WhatsApp that outlives them. */
class ApiServices {
  readonly folder = mkdtempSync(join(tmpdir(), 'kurir-house-'))
  readonly cipher = cipherWith(randomBytes(32))
  readonly settings = memorySettings()
  readonly media = new ScriptedMedia()
  sandbox!: Sandbox
  database!: Database
  devices!: Devices
  messages!: Messages
  deviceId = ''

  async start(): Promise<this> {
    this.sandbox = await startSandbox({ file: null, log: silentLog })
    await this.open()
    const { id } = await this.devices.add({ kind: 'sandbox', number: sender, name: 'Till' })
    this.deviceId = id
    await this.devices.pair(id, 'qr')
    const { text } = await until(
      () => this.#qr(),
      (qr) => qr !== null,
    ).then((qr) => qr ?? { text: '' })
    await this.sandbox.scan(text, sender)
    await this.connected()
    return this
  }

  async open(): Promise<void> {
    const file = join(this.folder, 'kurir.sqlite')
    this.database = openDatabase({ file, migrations, log: silentLog })
    this.devices = new Devices({
      database: this.database,
      cipher: this.cipher,
      log: silentLog,
      sandbox: () => this.sandbox,
      whatsappUrl: null,
      extraCertificates: [],
      getMessage: (deviceId, key) => this.messages.encodedMessage(deviceId, key.id),
    })
    this.messages = new Messages({
      database: this.database,
      devices: this.devices,
      media: this.media,
      settings: this.settings,
      log: silentLog,
    })
    await this.messages.start()
    await this.devices.start()
  }

  async close(): Promise<void> {
    await this.messages.stop()
    await this.devices.stop()
    await this.database.close()
  }

  /** Ends without a word, as far as one process can: nothing more reaches the disk. */
  async crash(): Promise<void> {
    const { messages, devices, database } = this
    await database.close()
    void messages.stop()
    await devices.stop()
    await this.open()
  }

  async stop(): Promise<void> {
    await this.close()
    await this.sandbox.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  connected(): Promise<unknown> {
    return until(
      () => this.devices.get(this.deviceId)?.state,
      (state) => state?.name === 'connected',
      25_000,
    )
  }

  send(text: string, more: Partial<Call> = {}): Promise<Submission> {
    return this.messages.submit(callFor(text, { deviceId: this.deviceId, budgetMs, ...more }))
  }

  state(id: string): string | undefined {
    return this.messages.get(id)?.state
  }

  #qr(): { text: string } | null {
    const state = this.devices.get(this.deviceId)?.state
    return state?.name === 'pairing' ? state.qr : null
  }
}

let services: ApiServices
afterEach(() => services.stop())
const begin = async (): Promise<ApiServices> => (services = await new ApiServices().start())

test('a text is decrypted by its recipient, and its row turns read', async () => {
  await begin()
  const { id, state } = only(await services.send('Hello', { recipients: ['081234567890'] }))
  expect(['sent', 'delivered', 'read']).toContain(state)
  await until(
    () => services.state(id),
    (seen) => seen === 'read',
  )
  expect(services.sandbox.inbox()).toMatchObject([
    { id, from: sender, to: '6281234567890', text: 'Hello', receptions: 1 },
  ])
  expect(services.messages.story(id).map((change) => change.state)).toEqual(
    expect.arrayContaining(['queued', 'sending', 'read']),
  )
}, 60_000)

test('numbers that are not on WhatsApp, refusals and silence end as the sandbox plays them', async () => {
  await begin()
  const { results } = await services.send('Hello', {
    recipients: ['6285500000101', '6285500000201', '6285500000301', '6285500000401'],
    budgetMs: 8_000,
  })
  expect(results.map(({ message, failure }) => [message?.state, failure?.code])).toEqual([
    ['failed', 'not_on_whatsapp'],
    ['failed', 'contact_locked'],
    ['sending', 'not_confirmed'],
    [expect.stringMatching(/sent|delivered/), undefined],
  ])
}, 60_000)

test('a line that drops between hand-over and acknowledgement: sent again under the same id, received once', async () => {
  await begin()
  await services.send('warm')
  services.sandbox.fault({ kind: 'drop', count: 1 })
  const { id, state } = only(await services.send('Hello'))
  expect(['sent', 'delivered', 'read']).toContain(state)
  const received = services.sandbox.inbox().filter(({ text }) => text === 'Hello')
  expect(received.map((message) => message.id)).toEqual([id])
}, 60_000)

test('a crash between hand-over and acknowledgement: sent again after the restart, received once', async () => {
  await begin()
  await services.send('warm')
  services.sandbox.fault({ kind: 'silence', count: 1 })
  const first = await services.send('Hello', { budgetMs: 300 })
  expect(first.results[0]?.failure?.code).toBe('not_confirmed')
  services.sandbox.clearFaults()
  await services.crash()
  const repeat = await services.send('Hello')
  expect(repeat.deduplicated).toBe(true)
  expect(only(repeat).id).toBe(only(first).id)
  await until(
    () => services.state(only(first).id),
    (state) => state === 'delivered' || state === 'read',
  )
  expect(services.sandbox.inbox().filter(({ text }) => text === 'Hello')).toHaveLength(1)
}, 60_000)

test('a recipient who cannot decrypt a message gets it again, where texts are not kept too', async () => {
  await begin()
  services.settings.set('log.keepTexts', 'no')
  await services.send('warm')
  // Its phone was set up anew, and nobody was told.
  await services.sandbox.changeIdentity('6281234567890', { quietly: true })
  const { id } = only(await services.send('Hello'))
  await until(
    () => services.state(id),
    (state) => state === 'read',
  )
  expect(services.sandbox.inbox().filter((message) => message.id === id)).toMatchObject([{ text: 'Hello' }])
}, 60_000)

test('a refused acknowledgement fails the row with its code', async () => {
  await begin()
  // The first says that what was named is old: it goes once more.
  services.sandbox.fault({ kind: 'ack-error', count: 2, code: 479 })
  const { results } = await services.send('Hello')
  expect(results[0]).toMatchObject({ message: { state: 'failed' }, failure: { code: 'refused_by_whatsapp' } })
  expect(services.messages.story(results[0]?.message?.id ?? '').at(-1)?.note).toContain('479')
}, 60_000)

test('a blip is waited for', async () => {
  await begin()
  await services.send('warm')
  services.sandbox.fault({ kind: 'close', count: 1, code: 503 })
  await until(() => services.devices.get(services.deviceId)?.state.name !== 'connected')
  const submission = await services.send('Hello')
  expect(submission.results[0]?.failure).toBeNull()
}, 60_000)

test('what waits with queue=1 is sent after a restart, once the device is connected again', async () => {
  await begin()
  services.messages.pause()
  const { results } = await services.send('Hello', { queue: true })
  expect(results[0]?.message?.state).toBe('queued')
  await services.close()
  await services.open()
  services.messages.resume()
  await until(
    () => services.state(results[0]?.message?.id ?? ''),
    (state) => state === 'read',
  )
}, 60_000)
