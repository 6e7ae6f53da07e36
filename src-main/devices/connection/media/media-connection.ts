import { setTimeout as pause } from 'node:timers/promises'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { isFinalCode } from '../sending/send-outcome.ts'

/** Where files are uploaded to, and what an upload has to show there. */
export interface MediaHosts {
  readonly auth: string
  /** In the order in which they are tried: primary hosts, fallback hosts, the fallbacks of single hosts. */
  readonly hostnames: readonly string[]
}

export interface MediaConnectionOptions {
  /** Sends the query and answers the whole `<iq>`; undefined where no answer came in time. */
  query: (node: BinaryNode) => Promise<BinaryNode | undefined>
  /** A clock in milliseconds that never goes back. */
  now?: () => number
  /** How long to wait before the second and the third query, in milliseconds. */
  backOffMs?: readonly number[]
}

const defaultBackOffMs = [1_000, 4_000]
/** For an answer that does not say how long it holds: seconds. */
const defaultTtlSeconds = 60

/**
 * WhatsApp's media servers as one connection knows them. They are asked for when they are first needed and again when
 * they or their auth have run out; callers at the same time share one query. A failure is told to those who wait for it
 * and never kept.
 *
 * @see https://github.com/oxidezap/whatsapp-rust (wacore/src/iq/mediaconn.rs) and https://github.com/tulir/whatsmeow
 *   (mediaconn.go): `<iq xmlns="w:m" type="set"><media_conn/></iq>`; the hosts hold for `ttl`, the auth for `auth_ttl`
 */
export class MediaConnection {
  readonly #query: MediaConnectionOptions['query']
  readonly #now: () => number
  readonly #backOffMs: readonly number[]
  #known: { hosts: MediaHosts; expiresAt: number } | null = null
  #asking: Promise<MediaHosts> | null = null

  constructor({
    query,
    now = () => performance.now(),
    backOffMs = defaultBackOffMs,
  }: MediaConnectionOptions) {
    this.#query = query
    this.#now = now
    this.#backOffMs = backOffMs
  }

  /** Throws an Error that says why WhatsApp's media servers are not known. */
  async hosts(): Promise<MediaHosts> {
    if (this.#known !== null && this.#now() < this.#known.expiresAt) return this.#known.hosts
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  /** Other hosts and auth than those, whose auth a host has refused (401, 403). Throws as `hosts` does. */
  async renew(refused: MediaHosts): Promise<MediaHosts> {
    if (this.#known?.hosts === refused) this.#known = null
    return this.hosts()
  }

  async #ask(): Promise<MediaHosts> {
    for (let attempt = 0; ; attempt++) {
      const waitMs = this.#backOffMs[attempt]
      try {
        const { hosts, ttlMs } = await this.#askOnce()
        this.#known = { hosts, expiresAt: this.#now() + ttlMs }
        return hosts
      } catch (error) {
        if (waitMs === undefined || isFinal(error)) throw error
        await pause(waitMs, undefined, { ref: false })
      }
    }
  }

  async #askOnce(): Promise<{ hosts: MediaHosts; ttlMs: number }> {
    const attrs = { type: 'set', xmlns: 'w:m', to: 's.whatsapp.net' }
    const answer = await this.#query({ tag: 'iq', attrs, content: [{ tag: 'media_conn', attrs: {} }] })
    if (answer === undefined) throw new Error('WhatsApp did not say in time where files are uploaded to')
    const named = mediaHostsOf(answer)
    if (named === null) throw new Error('WhatsApp named no host for files')
    return named
  }
}

/** Reads `<media_conn auth ttl auth_ttl><host hostname type fallback_hostname><upload/></host>…`. */
export function mediaHostsOf(answer: BinaryNode): { hosts: MediaHosts; ttlMs: number } | null {
  const mediaConn = childrenOf(answer).find(({ tag }) => tag === 'media_conn')
  const auth = mediaConn?.attrs['auth']
  if (mediaConn === undefined || !auth) return null
  const all = childrenOf(mediaConn).filter(({ tag, attrs }) => tag === 'host' && attrs['hostname'])
  const taking = all.filter((host) => childrenOf(host).some(({ tag }) => tag === 'upload'))
  // Some answers say nothing of what a host is for.
  const usable = taking.length > 0 ? taking : all.filter((host) => childrenOf(host).length === 0)
  const isFallback = (host: BinaryNode): boolean => host.attrs['type'] === 'fallback'
  const hostnames = [
    ...usable.filter((host) => !isFallback(host)).map((host) => host.attrs['hostname']),
    ...usable.filter(isFallback).map((host) => host.attrs['hostname']),
    ...usable.map((host) => host.attrs['fallback_hostname']),
  ].filter((hostname) => hostname !== undefined && hostname !== '')
  if (hostnames.length === 0) return null
  const { ttl, auth_ttl: authTtl } = mediaConn.attrs
  const ttlMs = Math.min(secondsOf(ttl) ?? defaultTtlSeconds, secondsOf(authTtl) ?? Infinity) * 1_000
  return { hosts: { auth, hostnames: [...new Set(hostnames as string[])] }, ttlMs }
}

function childrenOf(node: BinaryNode): BinaryNode[] {
  return Array.isArray(node.content) ? node.content : []
}

function secondsOf(text: string | undefined): number | null {
  const seconds = Number(text)
  return text !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : null
}

/** The number of an `<error>`; a closed line has none, and is rejected with anew at once. */
function isFinal(error: unknown): boolean {
  return error instanceof Error && 'data' in error && isFinalCode(error.data)
}
