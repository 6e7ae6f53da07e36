import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { Listeners } from '../../lib/listeners.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { PendingRequest } from './pending-request.ts'

/** So many recipients of one text within the window raise a warning. */
const many = 20
const windowMs = 3_600_000
/** Texts remembered at a time, by their hash. */
const remembered = 1_000
/** Warnings kept to be shown. */
const kept = 50
/** Short texts repeat by nature: "ok", "thank you". */
const minCharacters = 20

/** One text that went to many recipients of one device. */
export interface DuplicateTextWarning {
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
export class DuplicateTextDetector {
  readonly onWarning = new Listeners<DuplicateTextWarning>()
  #warnings: DuplicateTextWarning[] = []
  readonly #seen: LRUCache<string, { recipients: Set<string>; warned: boolean }>
  readonly #log: Logger
  readonly #now: () => number
  readonly #warn: (request: PendingRequest, note: string) => void

  constructor(dependencies: {
    log: Logger
    now: () => number
    warn: (request: PendingRequest, note: string) => void
  }) {
    this.#seen = new LRUCache({ max: remembered, ttl: windowMs })
    this.#log = dependencies.log
    this.#now = dependencies.now
    this.#warn = dependencies.warn
  }

  note(request: PendingRequest, text: string | null): void {
    if (text === null || text.length < minCharacters) return
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
      'the same text was sent to many recipients within an hour; WhatsApp may treat this as spam',
    )
    this.#warn(
      request,
      `the same text went to ${many} recipients within an hour; WhatsApp may take that for spam`,
    )
    this.#remember(request)
  }

  /** The warnings of the last hour, newest first. */
  recent(): DuplicateTextWarning[] {
    const since = this.#now() - windowMs
    this.#warnings = this.#warnings.filter(({ at }) => at > since)
    return this.#warnings
  }

  #remember(request: PendingRequest): void {
    const [job] = request.jobs
    if (job === undefined) return
    const { deviceId } = request
    const warning = { deviceId, messageId: job.message.id, recipients: many, at: this.#now() }
    this.#warnings = [warning, ...this.recent()].slice(0, kept)
    this.onWarning.emit(warning)
  }
}
