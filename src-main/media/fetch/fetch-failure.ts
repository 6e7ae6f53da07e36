import { Failure, isDiskFull, systemCodeOf } from '../../lib/failure.ts'
import { certificateSentence } from '../../egress/certificate-error.ts'

/** What a status other than 200 means to somebody who wrote the link. */
export function statusFailure(status: number, url: URL): Failure {
  return new Failure('media_unreachable', `${url.host} answered ${status}: ${meaningOf(status)}`)
}

function meaningOf(status: number): string {
  if (status === 401 || status === 403 || status === 407) {
    return 'it does not give the file to everybody. Use a link that opens without logging in.'
  }
  if (status === 404 || status === 410) return 'there is no file at that address.'
  if (status === 429) return 'it was asked too often. Try again later.'
  if (status >= 500) return 'the server failed. Try again later.'
  return 'that is not a file.'
}

/** Turns what a connection, undici or the disk threw into a sentence. A Failure passes as it is. */
export function fetchFailure(error: unknown, url: URL): Failure {
  const failure = causes(error).find((cause) => cause instanceof Failure)
  if (failure) return failure
  if (!causes(error).some(isDiskFull) && causes(error).some(isDiskFailure)) return diskFailure(error)
  const code =
    causes(error)
      .map(codeOf)
      .find((code) => code !== null) ?? ''
  for (const cause of causes(error)) {
    const sentence = certificateSentence(cause, url.host)
    if (sentence !== null) return new Failure('media_unreachable', sentence, { cause: error })
  }
  const known = knownFailures.find(({ codes }) => codes.test(code))
  if (known) return new Failure(known.code, known.sentence(url.host), { cause: error })
  return new Failure('media_unreachable', `The file could not be fetched from ${url.host}.`, {
    cause: error,
  })
}

/** Only files are opened, and of the rest no connection knows: it is this PC's disk, whatever the server did. */
function isDiskFailure(error: unknown): boolean {
  const opening = error instanceof Error && 'syscall' in error && error.syscall === 'open'
  return opening || /^(EIO|EROFS|EFBIG|ESTALE|ENODEV|ENXIO)$/.test(systemCodeOf(error))
}

const diskFailure = (cause: unknown): Failure =>
  new Failure(
    'storage_unavailable',
    'The disk could not store the file before it was sent. Check that the disk of the data folder is connected, ' +
      'healthy and not write-protected.',
    { cause },
  )

interface Known {
  readonly codes: RegExp
  readonly code: 'media_unreachable' | 'media_timeout' | 'storage_full'
  readonly sentence: (host: string) => string
}

const knownFailures: readonly Known[] = [
  {
    codes: /^ENOSPC$|^EDQUOT$/,
    code: 'storage_full',
    sentence: () => 'The disk is full: the file could not be kept while it is sent.',
  },
  {
    codes: /^(ENOTFOUND|EAI_NODATA|EAI_NONAME)$/,
    code: 'media_unreachable',
    sentence: (host) => `There is no host ${host}: check the url's spelling.`,
  },
  {
    codes: /^EAI_AGAIN$/,
    code: 'media_unreachable',
    sentence: (host) => `The name ${host} cannot be looked up now: is this PC connected to the internet?`,
  },
  {
    codes: /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/,
    code: 'media_unreachable',
    sentence: (host) => `No web server answers at ${host}.`,
  },
  {
    codes: /^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/,
    code: 'media_timeout',
    sentence: (host) => `${host} could not be reached in time.`,
  },
  {
    codes: /^UND_ERR_HEADERS_TIMEOUT$/,
    code: 'media_timeout',
    sentence: (host) => `${host} took the request but did not answer in time.`,
  },
  {
    codes: /^UND_ERR_BODY_TIMEOUT$/,
    code: 'media_timeout',
    sentence: (host) => `${host} began to send the file and then fell silent.`,
  },
  {
    codes:
      /^(UND_ERR_SOCKET|UND_ERR_ABORTED|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/,
    code: 'media_unreachable',
    sentence: (host) => `${host} closed the connection before the file was whole.`,
  },
  {
    codes: /^(HPE_|UND_ERR_HEADERS_OVERFLOW)/,
    code: 'media_unreachable',
    sentence: (host) => `${host} gave an answer that is not valid HTTP.`,
  },
  {
    codes: /^(Z_|ERR__ERROR|ERR_BROTLI|ERR_ZLIB|ERR__)/,
    code: 'media_unreachable',
    sentence: (host) => `${host} sent the file compressed, and the compression is damaged.`,
  },
  {
    codes: /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/,
    code: 'media_unreachable',
    sentence: (host) => `There is no https at ${host}: check the port, or begin the url with http://.`,
  },
  {
    codes: /^ERR_SSL_(UNSUPPORTED_PROTOCOL|TLSV1_ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW)$/,
    code: 'media_unreachable',
    sentence: (host) => `${host} speaks only an old form of TLS that is not secure any more.`,
  },
  {
    codes: /CERT|^(SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO)/,
    code: 'media_unreachable',
    sentence: (host) => `The secure connection to ${host} failed: its certificate is not valid for it.`,
  },
]

/** What was thrown and what it names as its cause, outermost first. */
function causes(error: unknown): unknown[] {
  const found: unknown[] = []
  for (let next = error; next !== undefined && found.length < 5;) {
    found.push(next)
    next = next instanceof Error ? next.cause : undefined
  }
  return found
}

function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  if (typeof code === 'string') return code
  // undici's parser names no code for an answer that ends, or begins, where it may not.
  if (!(error instanceof Error) || error.name !== 'HTTPParserError') return null
  return error.message.includes('EOF') ? 'ECONNRESET' : 'HPE_INVALID'
}
