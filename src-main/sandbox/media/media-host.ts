import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { RequestTurns } from '../../api/middleware/request-turns.ts'
import { closeUnread } from '../../api/server/bounded-requests.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { Blobs } from './blobs.ts'
import type { Faults } from '../control/faults.ts'
import type { Reports } from '../control/reports.ts'
import type { TlsIdentity } from '../server/tls-certificate.ts'

/** Where files are uploaded to and downloaded from: WhatsApp's media servers, on loopback. */
export interface MediaHosts {
  /** `127.0.0.1:PORT` each, or under the name that was given. */
  readonly hosts: { primary: string; fallback: string }
  readonly ports: readonly number[]
  /** What an upload for that account has to show; handed out by `media_conn`. */
  authFor(number: string): string
  stop(): Promise<void>
}

export const maxUploadBytes = 256 * 1024 * 1024
/** Of one host. Fifty devices with five files each are fewer. */
const maxMediaConnections = 384

const loopback = '127.0.0.1'
const uploadPath = /^\/mms\/(?:image|video|audio|document)\/([\w%-]+)$/
const newsletterUploadPath = /^\/newsletter\/newsletter-(image|video|gif|audio|ptt|document)\/([\w%-]+)$/
const downloadPath = /^\/(?:v\/t62\.\d+-24|m1\/v\/t24)\/([0-9a-f]{64})\.enc$/

interface Options {
  tls: TlsIdentity
  blobs: Blobs
  faults: Faults
  reports: Reports
}

export async function startMediaHosts(options: Options, name: string = loopback): Promise<MediaHosts> {
  const auths = new Auths()
  const primary = await startMediaHost(options, auths, name, true)
  const fallback = await startMediaHost(options, auths, name, false)
  return {
    hosts: { primary: primary.host, fallback: fallback.host },
    ports: [primary.port, fallback.port],
    authFor: (number) => auths.for(number),
    stop: async () => {
      await Promise.all([primary.stop(), fallback.stop()])
    },
  }
}

/** What each account shows with an upload, until it is withdrawn. */
class Auths {
  readonly #byNumber = new Map<string, string>()

  for(number: string): string {
    const auth = this.#byNumber.get(number) ?? randomBytes(24).toString('base64url')
    this.#byNumber.set(number, auth)
    return auth
  }

  /** Whose it is; null where it is nobody's, or was withdrawn. */
  numberOf(auth: string | null): string | null {
    for (const [number, own] of this.#byNumber) if (own === auth) return number
    return null
  }

  withdraw(number: string): void {
    this.#byNumber.delete(number)
  }
}

/**
 * What names a newsletter's file in the stanza. It follows from the file, so that it is known again after a restart.
 *
 * @param sha256 of the file, hex
 */
export function mediaHandle(type: string, sha256: string): string {
  return createHash('sha256').update(`newsletter ${type} ${sha256}`).digest('base64url')
}

async function startMediaHost(
  options: Options,
  auths: Auths,
  name: string,
  isFirst: boolean,
): Promise<{ host: string; port: number; stop(): Promise<void> }> {
  const server = createServer({
    key: options.tls.key,
    cert: options.tls.certificate,
    handshakeTimeout: 10_000,
    headersTimeout: 10_000,
    connectionsCheckingInterval: 1_000,
  })
  server.maxConnections = maxMediaConnections
  const turns = new RequestTurns((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      options.reports.add('media_wrong', null, sentenceOf(error))
      response.destroy()
    })
  })
  server.on('request', (request, response) => turns.enter(request, response))
  server.listen(0, loopback)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = `${name}:${port}`
  return { host, port, stop: () => stop() }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `https://${host}`)
    const sealed = uploadPath.exec(url.pathname)?.[1]
    const [, type, open] = newsletterUploadPath.exec(url.pathname) ?? []
    const uploaded = sealed ?? open
    const wanted = downloadPath.exec(url.pathname)?.[1]
    if (request.method === 'POST' && uploaded !== undefined) {
      await takeUpload(request, response, url, { name: uploaded, newsletterType: type ?? null })
    } else if (request.method === 'GET' && wanted !== undefined) {
      await giveDownload(request, response, wanted)
    } else {
      reply(response, 404, { error: 'not found' })
    }
  }

  async function takeUpload(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    { name, newsletterType }: { name: string; newsletterType: string | null },
  ): Promise<void> {
    const number = auths.numberOf(url.searchParams.get('auth'))
    const fault = isFirst
      ? options.faults.take(number, 'upload-host-error', 'upload-error')
      : options.faults.take(number, 'upload-error')
    if (fault !== undefined) {
      const code = fault.code ?? (fault.kind === 'upload-error' ? 500 : 507)
      if ((code === 401 || code === 403) && number !== null) auths.withdraw(number)
      request.resume()
      return reply(response, code, { error: 'made to fail' })
    }
    const refusal = refusalOf(request, number)
    if (refusal !== null) {
      options.reports.add('media_wrong', number, refusal)
      request.resume()
      return reply(response, 401, { error: refusal })
    }
    const { sha256 } = await options.blobs.save(request)
    if (Buffer.from(decodeURIComponent(name), 'base64url').toString('hex') !== sha256) {
      options.reports.add('media_wrong', number, 'an upload has another hash than its address names')
      return reply(response, 400, { error: 'hash mismatch' })
    }
    if (newsletterType === null) {
      const path = `/v/t62.7118-24/${sha256}.enc`
      return reply(response, 200, { url: `https://${host}${path}`, direct_path: path })
    }
    const path = `/m1/v/t24/${sha256}.enc`
    const handle = mediaHandle(newsletterType, sha256)
    reply(response, 200, { url: `https://${host}${path}`, direct_path: path, handle })
  }

  function refusalOf(request: IncomingMessage, number: string | null): string | null {
    if (number === null) return 'an upload without the right auth'
    if (Number(request.headers['content-length'] ?? 0) > maxUploadBytes) return 'an upload that is too large'
    return null
  }

  /** The whole file, or the one range that is asked for. */
  async function giveDownload(
    request: IncomingMessage,
    response: ServerResponse,
    sha256: string,
  ): Promise<void> {
    const size = options.blobs.sizeOf(sha256)
    if (size === null) return reply(response, 404, { error: 'not found' })
    const range = rangeOf(request.headers.range, size)
    const body = options.blobs.read(sha256, range ?? undefined)
    if (body === null) return reply(response, 404, { error: 'not found' })
    response.setHeader('content-type', 'application/octet-stream')
    response.setHeader('accept-ranges', 'bytes')
    if (range === null) {
      response.writeHead(200, { 'content-length': size })
    } else {
      const length = range.end - range.start + 1
      const contentRange = `bytes ${range.start}-${range.end}/${size}`
      response.writeHead(206, { 'content-length': length, 'content-range': contentRange })
    }
    closeUnread(request.socket)
    await pipeline(body, response)
  }

  async function stop(): Promise<void> {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** `bytes=a-b` or `bytes=a-`; null for the whole file. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | null {
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? '')
  if (match === null) return null
  const start = Number(match[1])
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)
  return start <= end ? { start, end } : null
}

function reply(response: ServerResponse, status: number, body: object): void {
  closeUnread(response.req.socket)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
