import type { Logger } from '../../lib/logging/logger.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { NewChatQuota } from '../device.ts'
import { askForNewChatQuota } from '../connection/new-chat-quota.ts'
import type { Connection } from '../connection/connection.ts'

/** WhatsApp Web asks as often (server setting 20649). */
const askEveryMs = 3_600_000

interface Options {
  /** What is known of it now. */
  known: () => NewChatQuota | null
  learned: (quota: NewChatQuota | null) => void
  log: Logger
}

/** Keeps one device's quota of new chats true while it is connected: asked at once, every hour, and after a refusal. */
export class QuotaWatch {
  readonly #options: Options
  #timer: NodeJS.Timeout | undefined
  #connection: Connection | null = null

  constructor(options: Options) {
    this.#options = options
  }

  begin(connection: Connection): void {
    this.end()
    this.#connection = connection
    this.#timer = setInterval(() => void this.#ask(connection, false), askEveryMs)
    this.#timer.unref()
    void this.#ask(connection, false)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#connection = null
  }

  /** WhatsApp has refused a new chat (475): what it said before is no longer true. */
  refused(): void {
    const { known, learned } = this.#options
    const { total = null, until = null } = known() ?? {}
    learned({ used: total, total, until, usedUp: true })
    if (this.#connection !== null) void this.#ask(this.#connection, true)
  }

  /** After a refusal an answer that knows nothing of it is older than that. */
  async #ask(connection: Connection, afterRefusal: boolean): Promise<void> {
    try {
      const answer = askForNewChatQuota((node) => connection.socket.query(node))
      const quota = await connection.raceWithClose(answer, () => undefined)
      if (quota === undefined || this.#connection !== connection) return
      if (!afterRefusal || quota?.usedUp === true) this.#options.learned(quota)
    } catch (error) {
      this.#options.log.info({ reason: sentenceOf(error) }, 'could not read the quota of new chats')
    }
  }
}
