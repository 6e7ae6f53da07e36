import type { WAVersion } from '@whiskeysockets/baileys'
import type { Logger } from '../../logger.ts'
import { sentenceOf } from '../../failure.ts'
import { baileys, loadBaileys } from '../baileys/baileys.ts'
import type { DevicesTable } from '../devices-table.ts'

const day = 24 * 60 * 60 * 1_000
const fact = 'web_version'
/** Milliseconds that WhatsApp has to answer; a device waits for it. */
const patience = 5_000

interface Room {
  table: Pick<DevicesTable, 'fact' | 'learn'>
  log: Logger
  now: () => number
  /** Asks WhatsApp for the version that its web client has now; null when it cannot be had. */
  fetch: () => Promise<WAVersion | null>
  /** The one that Baileys came with. */
  builtIn: () => WAVersion
}

/**
 * The version of WhatsApp Web to connect with. WhatsApp turns away those that are too old (405), so the
 * current one is asked for once a day; without an answer the newest that is known serves.
 */
export class WhatsAppVersion {
  readonly #room: Room
  #asking: Promise<WAVersion | null> | null = null

  constructor(room: Room) {
    this.#room = room
  }

  async current(): Promise<WAVersion> {
    const known = this.#known()
    if (known !== null && this.#room.now() - known.learnedAt < day) return this.#newest(known.version)
    const fetched = await this.#ask()
    return this.#newest(fetched ?? known?.version ?? null)
  }

  /** After a 405: whether a version newer than `refused` can be had; null: WhatsApp did not say. */
  async renew(refused: WAVersion): Promise<boolean | null> {
    const fetched = await this.#ask()
    return fetched === null ? null : compare(fetched, refused) > 0
  }

  #ask(): Promise<WAVersion | null> {
    this.#asking ??= this.#fetch().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #fetch(): Promise<WAVersion | null> {
    try {
      const version = await this.#room.fetch()
      if (version !== null) await this.#room.table.learn(fact, version.join('.'), this.#room.now())
      return version
    } catch (thrown) {
      this.#room.log.warn(
        { reason: sentenceOf(thrown) },
        'the current version of WhatsApp Web is not to be had',
      )
      return null
    }
  }

  #known(): { version: WAVersion; learnedAt: number } | null {
    const kept = this.#room.table.fact(fact)
    if (kept === null) return null
    const parts = kept.value.split('.').map(Number)
    if (parts.length !== 3 || parts.some((part) => !Number.isInteger(part))) return null
    return { version: parts as WAVersion, learnedAt: kept.learnedAt }
  }

  #newest(version: WAVersion | null): WAVersion {
    const builtIn = this.#room.builtIn()
    return version !== null && compare(version, builtIn) > 0 ? version : builtIn
  }
}

function compare(one: WAVersion, other: WAVersion): number {
  for (const place of [0, 1, 2] as const) {
    if (one[place] !== other[place]) return one[place] - other[place]
  }
  return 0
}

/** The one that Baileys came with, which the practice WhatsApp is content with. */
export function builtInVersion(): WAVersion {
  return baileys().DEFAULT_CONNECTION_CONFIG.version
}

/** Asks web.whatsapp.com: for whatsapp devices only. */
export async function fetchVersion(): Promise<WAVersion | null> {
  const { fetchLatestWaWebVersion } = await loadBaileys()
  const { version, isLatest } = await fetchLatestWaWebVersion({ signal: AbortSignal.timeout(patience) })
  return isLatest ? version : null
}
