import type { Logger } from '../../lib/logging/logger.ts'

/** Something that a client did wrong, or that a real server or phone would not have accepted. */
export interface Report {
  at: number
  kind: ReportKind
  /** The number that the client speaks for; null before it has logged in. */
  number: string | null
  detail: string
}

export type ReportKind =
  | 'handshake_invalid'
  | 'registration_invalid'
  | 'login_unknown'
  | 'pairing_invalid'
  | 'stanza_invalid'
  | 'query_unknown'
  | 'keys_invalid'
  | 'recipients_wrong'
  | 'addressing_mixed'
  | 'own_copy_wrong'
  | 'device_identity_wrong'
  | 'undecryptable'
  | 'content_differs'
  | 'media_wrong'
  | 'media_type_wrong'
  | 'token_wrong'
  | 'not_acknowledged'
  | 'timer_missing'

const kept = 1000

/** What was refused, the latest thousand: a test of a correct client finds none. */
export class Reports {
  readonly #reports: Report[] = []
  readonly #log: Logger
  readonly #now: () => number

  constructor(log: Logger, now: () => number) {
    this.#log = log
    this.#now = now
  }

  add(kind: ReportKind, number: string | null, detail: string): void {
    this.#log.debug({ kind }, 'the sandbox recorded a protocol error')
    this.#reports.push({ at: this.#now(), kind, number, detail })
    if (this.#reports.length > kept) this.#reports.shift()
  }

  all(): Report[] {
    return [...this.#reports]
  }
}
