import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { sentenceOf } from '../failure.ts'
import type { Blobs } from './blobs.ts'
import type { Faults } from './faults.ts'
import type { Reports } from './reports.ts'
import type { TlsIdentity } from './tls-certificate.ts'

/** Where files are uploaded to and downloaded from: WhatsApp's media servers, on loopback. */
export interface MediaHost {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** What an upload has to show; handed out by `media_conn`. */
  readonly auth: string
  stop(): Promise<void>
}

export const mostUploadBytes = 256 * 1024 * 1024

const loopback = '127.0.0.1'
const uploadPath = /^\/mms\/(?:image|video|audio|document)\/([\w%-]+)$/
const downloadPath = /^\/v\/t62\.7118-24\/([0-9a-f]{64})\.enc$/

export async function startMediaHost(options: {
  tls: TlsIdentity
  blobs: Blobs
  faults: Faults
  reports: Reports
}): Promise<MediaHost> {
  const auth = randomBytes(24).toString('base64url')
  const server = createServer({ key: options.tls.key, cert: options.tls.certificate })
  server.on('request', (request, response) => {
    void answer(request, response).catch((thrown: unknown) => {
      options.reports.add('media_wrong', null, sentenceOf(thrown))
      response.destroy()
    })
  })
  server.listen(0, loopback)
  await once(server, 'listening')
  const host = `${loopback}:${(server.address() as AddressInfo).port}`
  return { host, auth, stop: () => stop() }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `https://${host}`)
    const uploaded = uploadPath.exec(url.pathname)?.[1]
    const wanted = downloadPath.exec(url.pathname)?.[1]
    if (request.method === 'POST' && uploaded !== undefined) {
      await takeUpload(request, response, url, uploaded)
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
    name: string,
  ): Promise<void> {
    if (options.faults.take(null, 'upload-error') !== undefined) {
      request.resume()
      return reply(response, 500, { error: 'made to fail' })
    }
    const refusal = refusalOf(request, url)
    if (refusal !== null) {
      options.reports.add('media_wrong', null, refusal)
      request.resume()
      return reply(response, 401, { error: refusal })
    }
    const { sha256 } = await options.blobs.save(request)
    if (Buffer.from(decodeURIComponent(name), 'base64url').toString('hex') !== sha256) {
      options.reports.add('media_wrong', null, 'an upload has another hash than its address names')
      return reply(response, 400, { error: 'hash mismatch' })
    }
    const path = `/v/t62.7118-24/${sha256}.enc`
    reply(response, 200, { url: `https://${host}${path}`, direct_path: path })
  }

  function refusalOf(request: IncomingMessage, url: URL): string | null {
    if (url.searchParams.get('auth') !== auth) return 'an upload without the right auth'
    if (Number(request.headers['content-length'] ?? 0) > mostUploadBytes) return 'an upload that is too large'
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
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
