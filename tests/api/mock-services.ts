import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { startApi, type Api } from '../../src-main/api/server/start-api.ts'
import type { ApiServices } from '../../src-main/api/handlers/api-services.ts'
import type { ApiKey } from '../../src-main/keys/keys.ts'
import type { Device } from '../../src-main/devices/device.ts'
import { Failure } from '../../src-main/lib/failure.ts'
import type { Call, Result, Submission } from '../../src-main/messages/submit/call.ts'
import type { Message } from '../../src-main/messages/message.ts'
import { Settings } from '../../src-main/storage/settings/settings.ts'

export const sender = '6285500000000'
export const secrets = {
  all: 'kurir_all',
  sandbox: 'kurir_sandbox',
  sendOnly: 'kurir_send',
  readOnly: 'kurir_read',
  other: 'kurir_other',
  expired: 'kurir_expired',
}

const everything = ['send', 'read', 'manage'] as const

const keys: Record<string, Pick<ApiKey, 'devices' | 'rights'>> = {
  [secrets.all]: { devices: { all: true }, rights: [...everything] },
  [secrets.sandbox]: { devices: { kind: 'sandbox' }, rights: [...everything] },
  [secrets.sendOnly]: { devices: { all: true }, rights: ['send'] },
  [secrets.readOnly]: { devices: { all: true }, rights: ['read'] },
  [secrets.other]: { devices: { ids: ['someone-else'] }, rights: [...everything] },
}

export function deviceDouble(changes: Partial<Device> = {}): Device {
  return {
    id: 'device-1',
    kind: 'sandbox',
    name: 'Kasir',
    number: sender,
    paired: true,
    state: { name: 'connected', since: 1 },
    stateSince: 1,
    lastConnectedAt: 1,
    relinkAdvised: false,
    timeLock: null,
    newChatQuota: null,
    pairedAt: null,
    addedAt: 1,
    ...changes,
  }
}

export function mockMessage(changes: Partial<Message> = {}): Message {
  return {
    id: '3EB0TEST',
    sequence: 1,
    requestId: 'request-1',
    deviceId: 'device-1',
    recipient: '6285500000500',
    kind: 'text',
    text: 'Halo',
    fileName: null,
    state: 'sent',
    failure: null,
    progress: null,
    via: 'api',
    keyName: 'kasir',
    createdAt: 1_700_000_000_000,
    changedAt: 1_700_000_001_000,
    ...changes,
  }
}

/** An API in front of modules that answer what a test wants; what reached them is recorded. */
export interface MockServices {
  readonly api: Api
  readonly url: string
  readonly calls: Call[]
  readonly uploads: { bytes: Buffer; fileName: string | null }[]
  /** How each file that was begun with has ended. */
  readonly ended: ('whole' | 'broken off')[]
  readonly markAnswered: string[]
  readonly clearAnswered: string[]
  readonly discarded: string[]
  readonly devices: Device[]
  readonly settings: Settings
  readonly paired: string[]
  /** What the next calls are answered with; sent by default. */
  outcome: (call: Call) => Result[] | Promise<Result[]>
  /** The other number that WhatsApp knows every recipient by. */
  otherJid: string | null
}

export async function startMockServices(settingTexts: Record<string, string> = {}): Promise<MockServices> {
  const kept = new Map<string, unknown>()
  const settings = new Settings({
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    delete: (key) => void kept.delete(key),
  })
  for (const [name, text] of Object.entries({ 'api.port': '0', ...settingTexts })) {
    settings.override(name, text)
  }
  const state = {
    calls: [] as Call[],
    uploads: [] as MockServices['uploads'],
    ended: [] as MockServices['ended'],
    markAnswered: [] as string[],
    clearAnswered: [] as string[],
    discarded: [] as string[],
    devices: [deviceDouble()],
    paired: [] as string[],
    settings,
    otherJid: null as string | null,
    outcome: (call: Call): Result[] | Promise<Result[]> =>
      call.recipients.map((recipient) => ({
        recipient,
        message: mockMessage({ recipient }),
        failure: null,
      })),
  }
  const api = await startApi(houseOf(state))
  return Object.assign(state, { api, url: `http://127.0.0.1:${String(api.port)}` })
}

function houseOf(state: Omit<MockServices, 'api' | 'url'>): ApiServices {
  const find = (id: string) => state.devices.find((device) => device.id === id)
  return {
    version: '0.0.0-test',
    log: pino({ level: 'silent' }),
    settings: state.settings,
    keys: { recognise: recogniseMock },
    media: {
      receiveUpload: (stream, part) => receiveMock(state, stream, part.fileName),
      discardUpload: ({ path }) => {
        state.discarded.push(path)
        return Promise.resolve()
      },
    },
    devices: {
      list: () => [...state.devices],
      get: find,
      byNumber: (number) => state.devices.find((device) => device.number === number),
      add: (device) => {
        const added = deviceDouble({
          ...device,
          id: `device-${String(state.devices.length + 1)}`,
          paired: false,
        })
        state.devices.push({ ...added, state: { name: 'unpaired', reason: null } })
        return Promise.resolve(state.devices.at(-1) ?? added)
      },
      pair: (id) => {
        state.paired.push(id)
        return Promise.resolve()
      },
      connect: () => Promise.resolve(),
      logOut: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      lookUp: (_id, numbers) =>
        Promise.resolve(
          new Map(
            numbers.map((number) => [
              number,
              number.endsWith('0100')
                ? { exists: false as const }
                : { exists: true as const, jid: `${number}@s.whatsapp.net`, lid: null },
            ]),
          ),
        ),
      asWhatsAppJson: async (message) => ({ conversation: Buffer.from(message).toString('utf8') }),
      groups: () => Promise.resolve([{ id: '120363000000000000@g.us', subject: 'Toko' }]),
    },
    messages: {
      submit: async (call): Promise<Submission> => {
        state.calls.push(call)
        const results = await state.outcome(call)
        const markAnswered = () => {
          state.markAnswered.push(call.deviceId)
          return Promise.resolve()
        }
        const clearAnswered = () => {
          state.clearAnswered.push(call.deviceId)
          return Promise.resolve()
        }
        return {
          requestId: 'request-1',
          results,
          deduplicated: false,
          notes: [],
          markAnswered,
          clearAnswered,
        }
      },
      get: (id) => (id === '3EB0TEST' ? mockMessage() : undefined),
      story: () => [
        { state: 'queued', at: 1_700_000_000_000, note: null },
        { state: 'sent', at: 1_700_000_001_000, note: null },
      ],
      encodedMessage: () => Buffer.from('Halo'),
      otherJid: () => state.otherJid,
      queueDepth: () => 0,
      sentCount: () => 7,
    },
  }
}

function recogniseMock(secret: string): ApiKey | Failure {
  if (secret === secrets.expired) return new Failure('key_expired', 'The API key has expired.')
  const key = keys[secret]
  if (key === undefined) return new Failure('key_unknown', 'There is no such API key, or it was revoked.')
  return {
    id: `id of ${secret.replace('kurir_', '')}`,
    name: secret.replace('kurir_', ''),
    lastFour: secret.slice(-4),
    expiresAt: null,
    createdAt: 1,
    lastUsedAt: null,
    lastUsedFrom: null,
    ...key,
  }
}

async function receiveMock(
  state: Pick<MockServices, 'uploads' | 'ended'>,
  stream: Readable,
  fileName: string | null,
) {
  const bytes = await buffer(stream).catch((error: unknown) => {
    state.ended.push('broken off')
    throw error
  })
  state.ended.push('whole')
  state.uploads.push({ bytes, fileName })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { path: '/nowhere', bytes: bytes.length, sha256, fileName, mimeType: null }
}
