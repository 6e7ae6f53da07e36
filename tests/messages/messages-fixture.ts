import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import type { MediaFile } from '../../src-main/media/files/media-file.ts'
import type { DeviceGateway, Fetcher } from '../../src-main/messages/sending/device-gateway.ts'
import type { Call, Submission } from '../../src-main/messages/submit/call.ts'
import { Messages, messageMigrations } from '../../src-main/messages/messages.ts'
import type { MessagesOptions } from '../../src-main/messages/messages.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { Settings } from '../../src-main/storage/settings/settings.ts'
import { ScriptedDevices } from './scripted-devices.ts'

export const silentLog = pino({ level: 'silent' })
export const device = 'device-1'
export const someone = '6281234567890'

/** Media that are there at once, unless the test says otherwise. */
export class ScriptedMedia implements Fetcher {
  readonly fetched: Parameters<Fetcher['fetch']>[0][] = []
  readonly released: string[] = []
  readonly discarded: string[] = []
  file: Partial<MediaFile> = {}
  before: () => Promise<void> = async () => undefined

  async fetch(wanted: Parameters<Fetcher['fetch']>[0]): Promise<MediaFile & { release(): Promise<void> }> {
    this.fetched.push(wanted)
    await this.before()
    wanted.onProgress?.({ bytes: 10, total: 10 })
    const path = `/tmp/file-${this.fetched.length}`
    return {
      kind: 'image',
      path,
      bytes: 10,
      sha256: '00',
      mimeType: 'image/png',
      fileName: 'a.png',
      width: 1,
      height: 1,
      seconds: null,
      waveform: null,
      thumbnail: null,
      notes: [],
      ...this.file,
      release: async () => void this.released.push(path),
    }
  }

  async discardUpload(upload: { path: string }): Promise<void> {
    this.discarded.push(upload.path)
  }
}

/** Settings that live in memory. */
export function memorySettings(values: Record<string, unknown> = {}): Settings {
  const kept = new Map(Object.entries(values))
  return new Settings({
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    delete: (key) => void kept.delete(key),
  })
}

export interface FixtureOptions {
  disk?: { freeBytes: number; isLow?: boolean; lowSentence?: string }
  isShared?: NonNullable<MessagesOptions['isShared']>
  /** The time that is proven. */
  retentionNow?: () => number
}

export class Fixture {
  readonly devices = new ScriptedDevices()
  readonly media = new ScriptedMedia()
  readonly settings: Settings
  readonly clock = { ahead: 0 }
  readonly now = (): number => Date.now() + this.clock.ahead
  messages: Messages
  database: Database
  readonly #folder = mkdtempSync(join(tmpdir(), 'kurir-messages-'))
  readonly #gateway: DeviceGateway | null
  readonly #options: FixtureOptions

  constructor(
    settings: Record<string, unknown> = {},
    gateway: DeviceGateway | null = null,
    options: FixtureOptions = {},
  ) {
    this.settings = memorySettings(settings)
    this.#gateway = gateway
    this.#options = options
    this.devices.add({ id: device, lastConnectedAt: this.now() })
    this.database = this.#open()
    this.messages = this.#make()
  }

  async start(): Promise<this> {
    await this.messages.start()
    return this
  }

  /** Ends the program as a crash does, and begins it again on the same data. */
  async crash(): Promise<void> {
    const { messages } = this
    await this.database.close()
    void messages.stop()
    this.database = this.#open()
    this.messages = this.#make()
    await this.messages.start()
  }

  /** Ends the program and begins it again. */
  async restart(): Promise<void> {
    await this.messages.stop()
    await this.database.close()
    this.database = this.#open()
    this.messages = this.#make()
    await this.messages.start()
  }

  async stop(): Promise<void> {
    await this.messages.stop()
    await this.database.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** A call for one text, as the API makes it. */
  send(text: string, more: Partial<Call> = {}): Promise<Submission> {
    return this.messages.submit(callFor(text, more))
  }

  /** Makes time pass, and everybody look at it. */
  pass(ms: number): void {
    this.clock.ahead += ms
    for (const { id } of this.devices.list()) this.devices.change(id, {})
  }

  #open(): Database {
    return openDatabase({
      file: join(this.#folder, 'kurir.sqlite'),
      migrations: messageMigrations,
      log: silentLog,
    })
  }

  /** A disk that is changed while the program runs is asked anew each time. */
  #parts(): Partial<MessagesOptions> {
    const { disk, ...others } = this.#options
    if (disk === undefined) return others
    const whole = Object.assign(disk, { isLow: disk.isLow ?? false, lowSentence: disk.lowSentence ?? '' })
    return { ...others, disk: whole }
  }

  #make(): Messages {
    return new Messages({
      database: this.database,
      devices: this.#gateway ?? this.devices,
      media: this.media,
      settings: this.settings,
      log: silentLog,
      now: this.now,
      ...this.#parts(),
    })
  }
}

export function callFor(text: string, more: Partial<Call> = {}): Call {
  return {
    deviceId: device,
    recipients: [someone],
    content: { kind: 'text', text },
    footer: null,
    quotedId: null,
    via: 'api',
    key: { id: 'key-1', name: 'till' },
    idempotencyKey: null,
    queue: false,
    budgetMs: 4_500,
    parameters: { number: someone, message: text },
    ...more,
  }
}

/** Waits until something is so; fails with what it last was. */
export async function until<T>(
  look: () => T,
  fits: (seen: T) => boolean = Boolean,
  withinMs = 30_000,
): Promise<T> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    const seen = look()
    if (fits(seen)) return seen
    if (Date.now() > giveUpAt) throw new Error(`still ${JSON.stringify(seen)} after ${withinMs} ms`)
    await pause(5)
  }
}

/** The only message of a submission. */
export function only({ results }: Submission): NonNullable<Submission['results'][number]['message']> {
  const message = results[0]?.message
  if (message == null || results.length !== 1) throw new Error(`not one message: ${JSON.stringify(results)}`)
  return message
}

/** Catches what a call is refused with. */
export async function refusal(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      return { code: String(error.code), message: error.message }
    }
    throw error
  }
  throw new Error('it was not refused')
}
