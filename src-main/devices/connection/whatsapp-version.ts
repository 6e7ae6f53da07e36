import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import type { Agent } from 'node:https'
import type { WAVersion } from '@whiskeysockets/baileys'
import type { Logger } from '../../lib/logging/logger.ts'
import { sentenceOf } from '../../lib/failure.ts'
import { baileys } from '../baileys/baileys.ts'
import type { DevicesTable } from '../store/devices-table.ts'

const dayMs = 24 * 60 * 60 * 1_000
const fact = 'web_version'
/** Milliseconds that WhatsApp has to answer; a device waits for it. */
const timeoutMs = 5_000

interface Dependencies {
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
  readonly #context: Dependencies
  #asking: Promise<WAVersion | null> | null = null

  constructor(context: Dependencies) {
    this.#context = context
  }

  async current(): Promise<WAVersion> {
    const known = this.#known()
    if (known !== null && this.#context.now() - known.learnedAt < dayMs) return this.#newest(known.version)
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
      const version = await this.#context.fetch()
      if (version !== null) await this.#context.table.learn(fact, version.join('.'), this.#context.now())
      return version
    } catch (error) {
      this.#context.log.warn(
        { reason: sentenceOf(error) },
        'could not read the current version of WhatsApp Web',
      )
      return null
    }
  }

  #known(): { version: WAVersion; learnedAt: number } | null {
    const kept = this.#context.table.fact(fact)
    if (kept === null) return null
    const parts = kept.value.split('.').map(Number)
    if (parts.length !== 3 || parts.some((part) => !Number.isInteger(part))) return null
    return { version: parts as WAVersion, learnedAt: kept.learnedAt }
  }

  #newest(version: WAVersion | null): WAVersion {
    const builtIn = this.#context.builtIn()
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

/** Its service worker, which names the revision of the client (Baileys: Utils/generics.js). */
const serviceWorker = 'https://web.whatsapp.com/sw.js'
/** Without these WhatsApp answers with a page for robots. */
const browserHeaders = {
  'sec-fetch-site': 'none',
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
}
/** It has some 100 kB. */
const maxBytes = 4 * 1024 * 1024

/**
 * Asks WhatsApp, for whatsapp devices only, by the way that their sockets take. Baileys' own look-up knows no agent, and so no
 * proxy.
 *
 * @returns null where the answer names no revision
 * @throws Error where there is no answer
 */
export async function fetchVersion(agent: Agent, address: string = serviceWorker): Promise<WAVersion | null> {
  const signal = AbortSignal.timeout(timeoutMs)
  const asked = get(address, { agent, headers: browserHeaders, signal })
  const [answer] = (await once(asked, 'response', { signal })) as [IncomingMessage]
  if (answer.statusCode !== 200) {
    answer.destroy()
    throw new Error(`WhatsApp answered ${answer.statusCode}`)
  }
  let text = ''
  for await (const piece of answer.setEncoding('utf8')) {
    text += piece as string
    if (text.length > maxBytes) throw new Error('the answer is longer than any that is read')
  }
  const revision = /\\?"client_revision\\?":\s*(\d+)/.exec(text)?.[1]
  return revision === undefined ? null : [2, 3000, Number(revision)]
}
