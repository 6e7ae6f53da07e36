import { Listeners } from '../lib/listeners.ts'
import type { Logger } from '../lib/logging/logger.ts'
import type { Database } from '../storage/database/database.ts'
import type { DiskSpace } from '../storage/data-folder/disk-space.ts'
import type { SettingName } from '../storage/settings/settings-schema.ts'
import type { Settings } from '../storage/settings/settings.ts'
import type { Call, Submission } from './submit/call.ts'
import type { DeviceGateway, Fetcher } from './sending/device-gateway.ts'
import type { CountOfDay } from './log/daily-counts.ts'
import { createMessages } from './create-messages.ts'
import type { MessageModules } from './create-messages.ts'
import type { Filter } from './store/log-table.ts'
import type { Message, StateChange } from './message.ts'
import type { DuplicateTextWarning } from './submit/duplicate-text.ts'
import { readStory } from './log/story.ts'

export type { Call, Submission } from './submit/call.ts'
export type { CountOfDay } from './log/daily-counts.ts'
export type { Filter } from './store/log-table.ts'
export { messageMigrations } from './store/messages-migrations.ts'

/** How long callers wait on once the program stops: less than the five seconds after which they are cut off. */
const releaseCallersMs = 4_000

export interface MessagesOptions {
  database: Database
  devices: DeviceGateway
  media: Fetcher
  settings: Settings
  log: Logger
  /** The data folder's; without it there is room for everything. */
  disk?: Pick<DiskSpace, 'freeBytes' | 'isLow' | 'lowSentence'>
  /** Whether another API key than that one (null: the window) may send with the device, so that it has to share. */
  isShared?: (deviceId: string, keyId: string | null) => boolean
  now?: () => number
  /** By which time rows are removed and messages are too old; the same unless given. */
  retentionNow?: () => number
}

/**
 * From a call to the reader's blue ticks: one durable row a recipient, written before anything leaves, that
 * always tells what is known of it.
 */
export class Messages {
  /** Each message whose row has changed, once that is on the disk; also progress of files, which is not. */
  readonly onChange = new Listeners<Message>()
  /** Whether sending is paused, whenever that changes. */
  readonly onPaused = new Listeners<boolean>()
  readonly #options: MessagesOptions
  readonly #now: () => number
  readonly #modules: MessageModules
  readonly #unsubscribe: (() => void)[] = []

  constructor(options: MessagesOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#modules = createMessages(options, this.onChange)
  }

  /** Recovers what the last run left undecided, which is sent first. */
  async start(): Promise<void> {
    const { devices, settings } = this.#options
    const { outbox, receipts, index, log, retention } = this.#modules
    this.#unsubscribe.push(
      devices.onChange.add((device) => outbox.deviceChanged(device.id)),
      devices.onRemoved.add((deviceId) => outbox.deviceChanged(deviceId)),
      settings.onChange.add((name) => this.#settingChanged(name)),
    )
    // For good: the devices are stopped after this, and WhatsApp does not send again what they have taken until then.
    devices.onReceipt.add((receipt) => void receipts.take(receipt))
    await index.start(log.range()?.newest ?? 0)
    outbox.recover()
    retention.start()
  }

  /** Finishes what is in flight, in at most 5 s; the rest stays for the next start. */
  async stop(): Promise<void> {
    const { outbox, mediaPreparation, store, receipts, index, retention, submissions } = this.#modules
    mediaPreparation.stop()
    const releasing = setTimeout(() => submissions.release(), releaseCallersMs)
    await outbox.stop()
    clearTimeout(releasing)
    submissions.release()
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe()
    store.stop()
    receipts.stop()
    await Promise.all([index.stop(), retention.stop()])
  }

  /**
   * Accepts a call and answers when every recipient is decided, or its time is out.
   * Throws Failure where it is refused whole; then nothing of it was written.
   */
  submit(call: Call): Promise<Submission> {
    return this.#modules.service.submit(call)
  }

  get(id: string): Message | undefined {
    const message = this.#modules.rows.get(id)
    return message === undefined ? undefined : this.#withProgress(message)
  }

  /** Newest first, those with a sequence below `before`. */
  list({ before, limit, ...filter }: Filter & { before?: number | null; limit: number }): Message[] {
    const { log, index } = this.#modules
    const from = before ?? Number.MAX_SAFE_INTEGER
    return log.page(filter, from, limit, index).map((message) => this.#withProgress(message))
  }

  /** The sequences of the oldest and newest rows; null when there is none. */
  range(): { oldest: number; newest: number } | null {
    return this.#modules.log.range()
  }

  /** What happened to a message, oldest first. */
  story(id: string): StateChange[] {
    const story = this.#modules.rows.story(id)
    return story === undefined ? [] : readStory(story.createdAt, story.written)
  }

  /**
   * The JID that a message went to where WhatsApp knows its recipient by another number than the one that was asked for:
   * Brazil's without the 9, Mexico's with a 1. null elsewhere.
   */
  otherJid({ id, recipient }: Message): string | null {
    const jid = this.#modules.rows.jidOf(id)
    return jid?.endsWith('@s.whatsapp.net') === true && jid !== `${recipient}@s.whatsapp.net` ? jid : null
  }

  /** The call that a message came from, its secrets left out; null once it is no longer kept. */
  callOf(message: Message): { at: number; parameters: Record<string, string> } | null {
    const call = this.#modules.requests.callOf(Number(message.requestId))
    if (call === undefined) return null
    return { at: call.at, parameters: JSON.parse(call.parameters ?? '{}') as Record<string, string> }
  }

  /**
   * Sends a message of the log once more, as a new one. Throws Failure `message_not_found`,
   * `text_not_kept`, or what refuses any call.
   */
  resend(id: string): Promise<Message> {
    return this.#modules.service.resend(id)
  }

  /** Whether what was sent is kept well enough to send it again. */
  canResend(message: Message): boolean {
    const { rows, requests } = this.#modules
    if (requests.encodedMessage(message.deviceId, message.id) !== undefined) return true
    return message.kind === 'text' && rows.wholeText(message.sequence) !== null
  }

  /** WhatsApp's own form of a message that was sent, for a recipient's phone that asks for it again. */
  encodedMessage(deviceId: string, id: string): Uint8Array | undefined {
    return this.#modules.requests.encodedMessage(deviceId, id)
  }

  /** Hands nothing over until `resume`, over restarts too. */
  pause(): void {
    this.#options.settings.set('sending.paused', true)
  }

  resume(): void {
    this.#options.settings.set('sending.paused', false)
  }

  get paused(): boolean {
    return this.#options.settings.get('sending.paused')
  }

  /** Messages waiting or on their way, of one device or of all. */
  queueDepth(deviceId?: string): number {
    return this.#modules.outbox.depth(deviceId)
  }

  /** Messages that a device ever sent. */
  sentCount(deviceId: string): number {
    return this.#modules.counts.sentInAll(deviceId)
  }

  /** What left, failed and waits since midnight, by device id; devices without any are left out. */
  today(): Record<string, { sent: number; failed: number; waiting: number }> {
    const { counts, outbox } = this.#modules
    const today = counts.ofDay(this.#now())
    const ids = new Set([...today.keys(), ...this.#options.devices.list().map(({ id }) => id)])
    const entries = Array.from(ids, (id) => {
      const { sent, failed } = today.get(id) ?? { sent: 0, failed: 0 }
      return [id, { sent, failed, waiting: outbox.depth(id) }] as const
    })
    return Object.fromEntries(entries.filter(([, { sent, failed, waiting }]) => sent + failed + waiting > 0))
  }

  /** One entry for each day that has any, oldest first; times in milliseconds. */
  countByDay(from: number, to: number, deviceId: string | null): CountOfDay[] {
    return this.#modules.counts.byDay(from, to, deviceId)
  }

  /** Where one text went to many recipients, of the last hour, newest first. */
  warnings(): DuplicateTextWarning[] {
    return this.#modules.duplicateText.recent()
  }

  /** Each such warning as it comes up. */
  get onWarning(): Listeners<DuplicateTextWarning> {
    return this.#modules.duplicateText.onWarning
  }

  /** Forgets now what is not to be kept any longer, which otherwise happens every hour. */
  sweep(): Promise<void> {
    return this.#modules.retention.sweep()
  }

  /** Resolves when everything accepted is in the search index. */
  indexed(): Promise<void> {
    return this.#modules.index.catchUp()
  }

  /** Before media.start(), where the uploads that are kept are in that folder now. */
  moveUploads(folder: string): Promise<void> {
    return this.#options.database.write(() => this.#modules.requests.moveUploads(folder))
  }

  /** Paths of uploaded files that are still to be sent, which must outlive a restart. */
  keptUploads(): string[] {
    return this.#modules.requests.uploads()
  }

  #withProgress(message: Message): Message {
    const job = this.#modules.outbox.jobOf(message)
    return job === undefined ? message : { ...message, progress: job.message.progress }
  }

  #settingChanged(name: SettingName): void {
    const { outbox, retention } = this.#modules
    if (name === 'sending.paused') {
      this.onPaused.emit(this.paused)
      outbox.wake()
    } else if (name === 'log.keepTexts' || name === 'log.retentionDays') {
      void retention.sweep()
    } else if (name.startsWith('pace')) {
      outbox.recheck()
    }
  }
}
