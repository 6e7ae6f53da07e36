import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { Listeners } from '../listeners.ts'
import type { Logger } from '../logger.ts'
import type { LiveRequest } from './live-request.ts'

/** So many recipients of one text within the window raise a warning. */
const many = 20
const window = 3_600_000
/** Texts remembered at a time, by their hash. */
const remembered = 1_000
/** Warnings kept to be shown. */
const kept = 50
/** Short texts repeat by nature: "ok", "thank you". */
const leastCharacters = 20

/** One text that went to many recipients of one device. */
export interface SameTextWarning {
  deviceId: string
  /** A message of the call that was one too many; its story says so too. */
  messageId: string
  recipients: number
  at: number
}

/**
 * Notices when one text goes to many: what gets numbers blocked more than anything else. It only ever
 * warns, since receipts and one-time codes may look alike too.
 */
export class SameText {
  readonly onWarning = new Listeners<SameTextWarning>()
  #warnings: SameTextWarning[] = []
  readonly #seen: LRUCache<string, { recipients: Set<string>; warned: boolean }>
  readonly #log: Logger
  readonly #now: () => number
  readonly #warn: (request: LiveRequest, note: string) => void

  constructor(parts: { log: Logger; now: () => number; warn: (request: LiveRequest, note: string) => void }) {
    this.#seen = new LRUCache({ max: remembered, ttl: window })
    this.#log = parts.log
    this.#now = parts.now
    this.#warn = parts.warn
  }

  note(request: LiveRequest, text: string | null): void {
    if (text === null || text.length < leastCharacters) return
    const key = `${request.deviceId} ${createHash('sha1').update(text).digest('base64')}`
    const seen = this.#seen.get(key) ?? { recipients: new Set(), warned: false }
    if (seen.recipients.size === 0) this.#seen.set(key, seen)
    for (const { message } of request.jobs) {
      if (seen.recipients.size <= many) seen.recipients.add(message.recipient)
    }
    if (seen.warned || seen.recipients.size < many) return
    seen.warned = true
    this.#log.warn(
      { device: request.deviceId, recipients: many },
      'the same text goes to many recipients within an hour; WhatsApp may take that for spam',
    )
    this.#warn(
      request,
      `the same text went to ${many} recipients within an hour; WhatsApp may take that for spam`,
    )
    this.#remember(request)
  }

  /** The warnings of the last hour, newest first. */
  recent(): SameTextWarning[] {
    const since = this.#now() - window
    this.#warnings = this.#warnings.filter(({ at }) => at > since)
    return this.#warnings
  }

  #remember(request: LiveRequest): void {
    const [job] = request.jobs
    if (job === undefined) return
    const { deviceId } = request
    const warning = { deviceId, messageId: job.message.id, recipients: many, at: this.#now() }
    this.#warnings = [warning, ...this.recent()].slice(0, kept)
    this.onWarning.emit(warning)
  }
}
