import { array, constant, constantFrom, integer, oneof, option, record, sample, string } from 'fast-check'

/** A multipart body that is nearly one. */
export interface MutatedMultipart {
  readonly type: string
  readonly body: Buffer
  /** So many bytes before its end the connection is half closed; null: it is sent whole. */
  readonly cutAt: number | null
}

const names = constantFrom(
  'api_key',
  'sender',
  'number',
  'message',
  'file',
  'media_type',
  '',
  'x',
  '_charset_',
)
const lineEnds = constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '')
const junk = oneof(
  string({ unit: 'binary', maxLength: 60 }),
  constantFrom('', 'Halo', '6285500000500', '\0', '--b', '\r\n--b', '\r\n--b--', '=?UTF-8?B?AAA?=', '%00'),
  integer({ min: 0, max: 70_000 }).map((length) => 'a'.repeat(length)),
)

const disposition = record({
  type: constantFrom('form-data', 'attachment', '', 'form-data;', '"'),
  name: names,
  quote: constantFrom('"', '"', "'", '', '\\"'),
  fileName: option(constantFrom('a.pdf', '', 'nota "x".pdf', 'C:\\a.pdf', '../../etc/passwd', '💥'), {
    freq: 3,
  }),
  extended: option(
    constantFrom(
      "UTF-8''a%20b.pdf",
      "windows-1251''%E0",
      "''",
      "UTF-8''%",
      "shift_jis'x'%82%a0",
      'x',
      "gbk''%c4%e3",
    ),
    { freq: 8 },
  ),
  tail: constantFrom('', '', ';', ' ; ', '; ='),
}).map(({ type, name, quote, fileName, extended, tail }) => {
  const file = fileName === null ? '' : `; filename=${quote}${fileName}${quote}`
  const star = extended === null ? '' : `; filename*=${extended}`
  return `Content-Disposition: ${type}; name=${quote}${name}${quote}${file}${star}${tail}`
})

const header = oneof(
  { weight: 12, arbitrary: disposition },
  {
    weight: 3,
    arbitrary: constantFrom(
      'text/plain; charset=utf-8',
      'text/plain; charset=utf8mb4',
      'text/plain; charset=utf-16le',
      'application/octet-stream',
      'multipart/mixed; boundary=c',
      ';;;=',
    ).map((type) => `Content-Type: ${type}`),
  },
  {
    weight: 2,
    arbitrary: constantFrom('base64', 'quoted-printable', '8bit', 'x-unknown', '').map(
      (encoding) => `Content-Transfer-Encoding: ${encoding}`,
    ),
  },
  { weight: 1, arbitrary: constantFrom('no colon', ': x', 'X-A: \0', ' folded', 'Content-Length: 5') },
  { weight: 1, arbitrary: integer({ min: 0, max: 20_000 }).map((length) => `X-Long: ${'h'.repeat(length)}`) },
)

const part = record({
  open: constantFrom('--b', '--b', '--b', '--b', 'b', '--B', '--b ', '----b', '--b-'),
  lineEnd: lineEnds,
  headers: array(header, { maxLength: 4 }),
  blank: constantFrom('\r\n', '\r\n', '\r\n', '\n', '', '\r', ' \r\n'),
  value: junk,
  end: lineEnds,
}).map(
  ({ open, lineEnd, headers, blank, value, end }) =>
    open + lineEnd + headers.map((line) => line + lineEnd).join('') + blank + value + end,
)

const types = constantFrom(
  'multipart/form-data; boundary=b',
  'multipart/form-data; boundary=b',
  'multipart/form-data; boundary="b"',
  'multipart/form-data; boundary = b',
  'multipart/form-data, boundary=--b',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/mixed; boundary=b',
  `multipart/form-data; boundary=${'x'.repeat(3_000)}`,
)

function wellFormed(key: string): string {
  const fields = { api_key: key, sender: '6285500000799', number: '6285500000500', message: 'Halo' }
  const parts = Object.entries(fields).map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nisi\r\n'
  return `${parts.join('')}${file}--b--\r\n`
}

/** Bodies made of the grammar of multipart/form-data with faults in every place, then one small body cut at every byte. */
export function mutatedMultiparts(count: number, seed: number, key: string): MutatedMultipart[] {
  const whole = Buffer.from(wellFormed(key))
  const cuts = Array.from({ length: whole.length }, (_, cutAt) => ({
    type: 'multipart/form-data; boundary=b',
    body: whole,
    cutAt,
  }))
  const shortened = Array.from({ length: whole.length }, (_, length) => ({
    type: 'multipart/form-data; boundary=b',
    body: whole.subarray(0, length),
    cutAt: null,
  }))
  const mutated = sample(
    record({
      type: types,
      keyFirst: constantFrom(true, false),
      preamble: oneof({ weight: 4, arbitrary: constant('') }, { weight: 1, arbitrary: junk }),
      parts: array(part, { maxLength: 5 }),
      close: constantFrom('--b--\r\n', '--b--', '--b', '', '--b--\r\nepilogue', 'b--'),
      cutAt: option(integer({ min: 0, max: 40 }), { freq: 8 }),
    }),
    { numRuns: count, seed },
  ).map(({ type, keyFirst, preamble, parts, close, cutAt }) => ({
    type,
    body: Buffer.from(
      preamble +
        (keyFirst ? wellFormed(key).split('--b\r\nContent-Disposition: form-data; name="sender"')[0] : '') +
        parts.join('') +
        close,
      'latin1',
    ),
    cutAt,
  }))
  return [...mutated, ...cuts, ...shortened]
}
