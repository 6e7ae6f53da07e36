import { request, type Dispatcher } from 'undici'
import { Failure } from '../../lib/failure.ts'
import { refuseSharingPage } from './direct-links.ts'
import { fetchFailure, statusFailure } from './fetch-failure.ts'
import { guardedAgent, type ConnectorOptions } from './guarded-connector.ts'
import type { FetchProgress } from '../files/media-file.ts'
import { readMediaUrl } from './media-url.ts'
import { decodeText } from '../../lib/text-encoding/charset.ts'
import { receiveBody, type Received, type SizeLimit } from './receive-body.ts'
import { RedirectCookies } from './redirect-cookies.ts'

/** How long a server may take, in milliseconds. */
export interface Deadlines {
  /** Resolving, connecting, TLS. */
  readonly connect: number
  /** From the connection to the answer's headers. */
  readonly firstByte: number
  /** Between two pieces of the body. */
  readonly idle: number
  /** From the start to the last byte, redirects included. */
  readonly whole: number
}

const usualDeadlines: Deadlines = { connect: 5_000, firstByte: 10_000, idle: 15_000, whole: 120_000 }

export interface FetchOptions {
  readonly path: string
  readonly limit: SizeLimit
  /** See ReceiveOptions. */
  readonly grow?: (bytes: number) => void
  readonly connector: Omit<ConnectorOptions, 'connectMs'>
  readonly deadlines?: Deadlines
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Fetched extends Received {
  /** Where the file finally came from. */
  readonly url: URL
  /** What the caller gave, and each address that it was redirected to; `url` is the last of them. */
  readonly hops: readonly URL[]
  readonly contentType: string | null
  readonly contentDisposition: string | null
}

const maxRedirects = 5
/** A server sends one or two (100, 102, 103); each one that is read costs time on the main thread. */
const maxInformationalResponses = 10
const redirects = new Set([301, 302, 303, 307, 308])

/**
 * Fetches a direct link into the file `path`, which must not exist. Redirects are followed by hand, and each is
 * judged like the first address. The caller removes the file, also after a failure.
 *
 * @throws Failure with any of the media_… codes, storage_full, storage_unavailable; or the signal's own reason
 */
export async function fetchFile(url: string, options: FetchOptions): Promise<Fetched> {
  const deadlines = options.deadlines ?? usualDeadlines
  const first = readMediaUrl(url)
  const agent = guardedAgent({ ...options.connector, connectMs: deadlines.connect })
  const clock = startClock(deadlines.whole, options.signal)
  const cookies = new RedirectCookies()
  const hops: URL[] = []
  let at = first
  try {
    const answer = await followRedirects(first, async (hop) => {
      refuseSharingPage(hop, hops)
      at = hop
      hops.push(hop)
      if (hop.protocol === 'https:') await options.connector.egress?.trust()
      const cookie = cookies.headerFor(hop)
      const answer = await requestWithBoundedInfo(hop, requestOptions(agent, deadlines, cookie, clock.signal))
      cookies.take(answer.headers['set-cookie'], hop)
      return answer
    })
    const received = await receiveBody(answer, { ...options, signal: clock.signal })
    return { ...received, url: at, hops, ...headersOf(answer) }
  } catch (error) {
    throw clock.signal.aborted ? clock.signal.reason : fetchFailure(error, at)
  } finally {
    clock.stop()
    await agent.destroy()
  }
}

function requestOptions(
  dispatcher: Dispatcher,
  deadlines: Deadlines,
  cookie: string | null,
  signal: AbortSignal,
) {
  return {
    dispatcher,
    signal,
    headersTimeout: deadlines.firstByte,
    bodyTimeout: deadlines.idle,
    // Some servers refuse a client without a name. Compression is decoded, but gains nothing for media.
    headers: {
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'Mozilla/5.0 (compatible; Kurir)',
      // Servers that ask for a session set one and redirect to the same address.
      ...(cookie === null ? {} : { cookie }),
    },
  }
}

/**
 * A request that is given up after too many informational responses: an endless row of them would be read until
 * the deadline, and would never be answered.
 */
async function requestWithBoundedInfo(
  url: URL,
  options: ReturnType<typeof requestOptions>,
): Promise<Dispatcher.ResponseData> {
  const tooMany = new AbortController()
  let informational = 0
  const onInfo = (): void => {
    informational += 1
    if (informational <= maxInformationalResponses) return
    tooMany.abort(
      new Failure(
        'media_unreachable',
        `${url.host} sent more than ${maxInformationalResponses} informational responses (1xx) and no file.`,
      ),
    )
  }
  return request(url, { ...options, onInfo, signal: AbortSignal.any([options.signal, tooMany.signal]) })
}

type Answer = Dispatcher.ResponseData

async function followRedirects(first: URL, ask: (url: URL) => Promise<Answer>): Promise<Answer> {
  let url = first
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const answer = await ask(url)
    if (!redirects.has(answer.statusCode)) return accepted(answer, url)
    await discard(answer)
    url = nextUrl(answer, url)
  }
  throw new Failure('media_unreachable', `The url was redirected more than ${maxRedirects} times.`)
}

function nextUrl(answer: Answer, url: URL): URL {
  const location = textOf(headerOf(answer, 'location'))
  if (location === null || !URL.canParse(location, url)) {
    throw new Failure('media_unreachable', `${url.host} redirects to an address that cannot be read.`)
  }
  return readMediaUrl(new URL(location, url).href)
}

async function accepted(answer: Answer, url: URL): Promise<Answer> {
  if (answer.statusCode === 200 || answer.statusCode === 203) return answer
  await discard(answer)
  throw statusFailure(answer.statusCode, url)
}

/** Ends the connection instead of reading what nobody wants. */
async function discard(answer: Answer): Promise<void> {
  answer.body.on('error', () => undefined)
  answer.body.destroy()
}

function headerOf(answer: Pick<Answer, 'headers'>, name: string): string | null {
  const value = answer.headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/** Header bytes are latin1 on the way here; servers that redirect to a name mean UTF-8, or an older charset. */
const textOf = (header: string | null): string | null =>
  header === null ? null : decodeText(Buffer.from(header, 'latin1'), null)

function headersOf(answer: Answer): Pick<Fetched, 'contentType' | 'contentDisposition'> {
  return {
    contentType: headerOf(answer, 'content-type'),
    contentDisposition: headerOf(answer, 'content-disposition'),
  }
}

function startClock(
  milliseconds: number,
  outer: AbortSignal | undefined,
): { signal: AbortSignal; stop(): void } {
  const clock = new AbortController()
  const seconds = Math.round(milliseconds / 1_000)
  const late = new Failure('media_timeout', `The file did not arrive completely within ${seconds} s.`)
  const timer = setTimeout(() => clock.abort(late), milliseconds)
  const signal = outer ? AbortSignal.any([clock.signal, outer]) : clock.signal
  return { signal, stop: () => clearTimeout(timer) }
}
