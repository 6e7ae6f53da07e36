import { array, asyncProperty, assert, constantFrom, pre } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encoderOf } from './charset-encoders.ts'
import { secrets, sender } from './mock-services.ts'
import { double } from './posting.ts'

// Any text that a caller can write arrives as that text, or is refused; never as another one.

const others = { api_key: secrets.all, sender, number: '6285500000500' }

interface Sent {
  readonly path?: string
  readonly type?: string
  readonly body?: Buffer
}

interface Encoding {
  readonly charset: string
  /** As a Content-Type names it; null: not at all. */
  readonly declared: string | null
  readonly mark?: Buffer
}

const encodings: Encoding[] = [
  { charset: 'utf-8', declared: null },
  { charset: 'utf-8', declared: 'utf8mb4' },
  { charset: 'utf-8', declared: null, mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { charset: 'utf-16le', declared: null, mark: Buffer.from([0xff, 0xfe]) },
  { charset: 'utf-16be', declared: null, mark: Buffer.from([0xfe, 0xff]) },
  { charset: 'utf-16le', declared: null },
  { charset: 'utf-16be', declared: null },
  { charset: 'windows-1252', declared: null },
  { charset: 'windows-1252', declared: 'ISO8859_1' },
  { charset: 'windows-1251', declared: 'cp1251' },
  { charset: 'windows-1250', declared: 'windows-1250' },
  { charset: 'iso-8859-15', declared: 'iso-8859-15' },
  { charset: 'iso-8859-2', declared: 'ISO_8859-2' },
  { charset: 'shift_jis', declared: 'Shift_JIS' },
  { charset: 'gbk', declared: 'gb2312' },
  { charset: 'big5', declared: 'big5' },
  { charset: 'euc-kr', declared: 'euc-kr' },
  { charset: 'koi8-r', declared: 'koi8-r' },
]

const isWide = (charset: string) => charset.startsWith('utf-16')
const typed = (name: string, { declared }: Encoding) =>
  declared === null ? name : `${name}; charset=${declared}`

function inCharset({ charset, mark }: Encoding, text: string): Buffer {
  return Buffer.concat([mark ?? Buffer.alloc(0), encoderOf(charset).encode(text)])
}

function escaped(bytes: Buffer): string {
  return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

function multipart(
  encoding: Encoding,
  text: string,
  transfer: (bytes: Buffer) => string,
  name: string,
): Sent {
  const parts = Object.entries(others).map(
    ([field, value]) => `--bö\r\nContent-Disposition: form-data; name=${field}\r\n\r\n${value}\r\n`,
  )
  const head =
    '--bö\r\nContent-Disposition: form-data; name="message"\r\n' +
    `Content-Type: ${typed('text/plain', encoding)}\r\nContent-Transfer-Encoding: ${name}\r\n\r\n`
  const body = Buffer.concat([
    Buffer.from(parts.join('') + head, 'latin1'),
    Buffer.from(transfer(inCharset(encoding, text)), 'latin1'),
    Buffer.from('\r\n--bö--\r\n', 'latin1'),
  ])
  return { type: 'multipart/form-data; boundary=bö', body }
}

function quotedPrintable(bytes: Buffer): string {
  const written = Array.from(bytes, (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
  return written.map((one, index) => (index % 20 === 19 ? `${one}=\r\n` : one)).join('')
}

const framings: Record<string, (encoding: Encoding, text: string) => Sent | null> = {
  query: (encoding, text) => ({
    path: `?${new URLSearchParams(others).toString()}&message=${escaped(encoderOf(encoding.charset).encode(text))}`,
  }),
  json: (encoding, text) => ({
    type: typed('application/json', encoding),
    body: inCharset(encoding, JSON.stringify({ ...others, message: text })),
  }),
  'json under the type of a form': (encoding, text) => ({
    type: typed('application/x-www-form-urlencoded', encoding),
    body: inCharset(encoding, JSON.stringify({ message: text, ...others })),
  }),
  form: (encoding, text) => {
    const most = `${new URLSearchParams(others).toString()}&message=`
    const body =
      inCharset(encoding, most).toString('latin1') + escaped(encoderOf(encoding.charset).encode(text))
    return { type: typed('application/x-www-form-urlencoded', encoding), body: Buffer.from(body, 'latin1') }
  },
  'raw form': (encoding, text) =>
    /[&%+=]/.test(text)
      ? null
      : {
          type: typed('application/x-www-form-urlencoded', encoding),
          body: inCharset(encoding, `${new URLSearchParams(others).toString()}&message=${text}`),
        },
  multipart: (encoding, text) => multipart(encoding, text, (bytes) => bytes.toString('latin1'), '8bit'),
  'multipart in base64': (encoding, text) =>
    multipart(encoding, text, (bytes) => bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n'), 'base64'),
  'multipart in quoted-printable': (encoding, text) =>
    multipart(encoding, text, quotedPrintable, 'quoted-printable'),
}

async function arrives({ path = '', type, body }: Sent): Promise<string | null> {
  double.calls.length = 0
  const response = await fetch(`${double.url}/send-message${path}`, {
    method: 'POST',
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  })
  const answer = (await response.json()) as Record<string, unknown>
  if (answer['status'] !== true) return null
  const content = double.calls[0]?.content
  return content?.kind === 'text' ? content.text : ''
}

/** What is left of a text by the rules of characters: the end is trimmed. */
const expected = (text: string) => text.trimEnd()

/** Which encodings a framing can have: in an address nothing says what bytes are, and escapes are of single bytes. */
function encodingsOf(framing: string): Encoding[] {
  return encodings.filter(({ charset, declared, mark }) => {
    if (framing === 'query') return charset === 'utf-8' || (charset === 'windows-1252' && declared === null)
    if (framing === 'form') return !isWide(charset)
    const isUntold = isWide(charset) && declared === null && mark === undefined
    return !(framing.startsWith('multipart') && isUntold)
  })
}

describe.each(Object.keys(framings))('a text in %s', (framing) => {
  it.each(encodingsOf(framing))('arrives as it is in %j', { timeout: 120_000 }, async (encoding) => {
    const some = [...Array.from('abcXYZ 0123456789\n&%+=%41'), ...charactersOf(encoding)]
    await assert(
      asyncProperty(array(constantFrom(...some), { minLength: 1, maxLength: 30 }), async (letters) => {
        const text = letters.join('')
        pre(/[a-z\d]/i.test(text))
        const sent = framings[framing]?.(encoding, text) ?? null
        pre(sent !== null)
        expect(sent === null ? null : await arrives(sent)).toBe(expected(text))
      }),
      { numRuns: 12, seed: 20_261_130, maxSkipsPerRun: 1_000 },
    )
  })
})

/** Of Windows-1252 that nobody names only letters whose bytes are never UTF-8 beside each other. */
function charactersOf({ charset, declared }: Encoding): readonly string[] {
  return charset === 'windows-1252' && declared === null ? Array.from('éàüñç') : encoderOf(charset).characters
}
