import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { mutatedMultiparts } from '../api/multipart-mutations.ts'
import type { Program } from '../support/program.ts'
import { watched, type FuzzResult } from './file-fuzz.ts'
import { Seeded } from './seeded.ts'

const paths = [
  '/send-message',
  '/send-media',
  '/check-number',
  '/messages/x',
  '/info-devices',
  '/groups',
  '/generate-qr',
  '/generate-code',
  '/logout-device',
  '/delete-device',
  '/health',
  '/openapi.json',
  '/docs',
  '/',
  '/nothing',
]
/** A request that is not answered after so long is a complaint. */
const maxAnswerMs = 30_000

export interface RequestCounts {
  /** Requests made of the grammar of HTTP, and of multipart. */
  readonly http: number
  readonly multipart: number
  /** Of each of them, one in so many has no key. */
  readonly keylessEvery: number
}

/** Sends requests with faults in every place, as raw bytes, and watches the program meanwhile. */
export async function fuzzRequests(
  program: Program,
  seed: number,
  counts: RequestCounts,
): Promise<FuzzResult> {
  const key = program.ready.apiKey ?? ''
  const port = Number(new URL(program.ready.api).port)
  const work = Array.from({ length: counts.http + counts.multipart }, (_, index) => index)
  const multiparts = multipartMaker(seed, key)
  return watched(
    program,
    work,
    async (index) => {
      const seeded = new Seeded(seed + index)
      const hasKey = index % counts.keylessEvery !== 0
      const request =
        index < counts.http ? httpRequest(seeded, hasKey ? key : null) : multiparts(seeded, hasKey)
      return judge(await exchange(port, request), `request ${String(index)} of seed ${String(seed)}`)
    },
    16,
  )
}

async function exchange(port: number, request: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  // A reset after the answer is the server's right.
  socket.on('error', () => undefined)
  const timer = setTimeout(() => socket.destroy(new Error('late')), maxAnswerMs)
  socket.end(request)
  try {
    return await text(socket)
  } catch (error) {
    return (error as Error).message === 'late' ? 'late' : 'reset'
  } finally {
    clearTimeout(timer)
  }
}

function judge(answer: string, about: string): { code: string; complaint: string | null } {
  const [, status = answer.slice(0, 10)] = /^HTTP\/1\.1 (\d\d\d) /.exec(answer) ?? []
  const isFine =
    /^[1-4]\d\d$/.test(status) || status === '503' || status === '505' || status === 'reset' || status === ''
  return { code: status, complaint: isFine ? null : `${about}: ${answer.slice(0, 400)}` }
}

function multipartMaker(seed: number, key: string): (seeded: Seeded, hasKey: boolean) => Buffer {
  let round = 0
  let waiting: ReturnType<typeof mutatedMultiparts> = []
  return (seeded, hasKey) => {
    if (waiting.length === 0) waiting = mutatedMultiparts(1_000, seed + (round += 1), key)
    const { type, body, cutAt } = waiting.pop() as (typeof waiting)[number]
    const content = hasKey ? body : Buffer.from(body.toString('latin1').replaceAll(key, 'x'), 'latin1')
    const head =
      `POST ${seeded.one(paths)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${type}\r\n` +
      `Content-Length: ${String(content.length)}\r\n\r\n`
    const request = Buffer.concat([Buffer.from(head), content])
    return cutAt === null ? request : request.subarray(0, request.length - cutAt)
  }
}

function httpRequest(seeded: Seeded, key: string | null): Buffer {
  const method = seeded.one([
    'GET',
    'POST',
    'POST',
    'PUT',
    'DELETE',
    'OPTIONS',
    'HEAD',
    'PATCH',
    'get',
    'X',
    '',
    'CONNECT',
    'TRACE',
  ])
  const version = seeded.one([
    'HTTP/1.1',
    'HTTP/1.1',
    'HTTP/1.1',
    'HTTP/1.0',
    'HTTP/2.0',
    'HTTP/1',
    '',
    'HTTP/0.9',
  ])
  const body = bodyOf(seeded, key)
  const lineEnd = seeded.once(15) ? seeded.one(['\n', '\r', '\r\r\n']) : '\r\n'
  const headers = Array.from({ length: seeded.once(50) ? 500 : seeded.below(6) }, () => headerOf(seeded))
  const lines = [
    `${method} ${targetOf(seeded, key)} ${version}`,
    ...(seeded.once(8)
      ? []
      : [
          `Host: ${seeded.one(['localhost', '127.0.0.1', 'evil.example', '', '[::1]', 'localhost:99999', 'a b'])}`,
        ]),
    ...headers,
    ...(key !== null && seeded.once(2) ? [`X-API-Key: ${key}`] : []),
    ...(seeded.once(5) ? [] : [`Content-Length: ${String(body.length)}`]),
    'Connection: close',
    '',
    '',
  ]
  const whole = Buffer.concat([Buffer.from(lines.join(lineEnd), 'latin1'), body])
  if (seeded.once(10)) return whole.subarray(0, seeded.below(whole.length))
  if (seeded.once(10)) whole[seeded.below(Math.min(whole.length, 200))] = seeded.below(256)
  return whole
}

function targetOf(seeded: Seeded, key: string | null): string {
  const value = () =>
    seeded.one([
      '1',
      '',
      '%',
      '%zz',
      '%u0041',
      '%00',
      '\xff',
      'a b',
      '+',
      '=',
      '%F0%9F%A7%BE',
      'x'.repeat(seeded.below(2_000)),
      '[]',
      '../..',
    ])
  const names = [
    'number',
    'message',
    'sender',
    'media_type',
    'url',
    'file',
    'msgid',
    'full',
    'x',
    '',
    '__proto__',
    'number[]',
    'api_key',
  ]
  const pairs = Array.from({ length: seeded.below(6) }, () => `${seeded.one(names)}=${value()}`)
  const path = seeded.one([...paths, ...paths, '*', '//', '/..%2f', 'http://localhost/health', '/\xff', '/%'])
  const query = key !== null && seeded.once(2) ? [`api_key=${key}`, ...pairs] : pairs
  return `${path}${query.length === 0 ? '' : '?'}${query.join(seeded.one(['&', '&', ';', '&&']))}`
}

function headerOf(seeded: Seeded): string {
  return seeded.one([
    `Transfer-Encoding: ${seeded.one(['chunked', 'chunked, chunked', 'identity', 'gzip', ' chunked', 'xchunked'])}`,
    `Content-Length: ${seeded.one(['0', '-1', '5', '99999999999', '1, 1', 'x', ''])}`,
    `Content-Type: ${seeded.one(['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain;charset=x', ';', '\xff', 'application/json; charset=utf-16'])}`,
    `Content-Encoding: ${seeded.one(['gzip', 'utf-8', 'br', ''])}`,
    `Expect: ${seeded.one(['100-continue', 'x', ''])}`,
    `Authorization: ${seeded.one(['Bearer x', 'Basic !!!', 'Bearer', '', 'Basic Og=='])}`,
    `Origin: ${seeded.one(['null', 'https://evil.example', 'http://localhost', ''])}`,
    `Sec-Fetch-Site: ${seeded.one(['cross-site', 'same-origin', 'none', 'x'])}`,
    `Upgrade: ${seeded.one(['websocket', 'h2c'])}\r\nConnection: Upgrade`,
    `Idempotency-Key: ${seeded.one(['a', '', 'a'.repeat(5_000)])}`,
    'Host: twice.example',
    'no colon',
    ': x',
    ' folded',
    `X-${'y'.repeat(seeded.below(200))}: ${seeded
      .bytes(seeded.below(40))
      .toString('latin1')
      .replaceAll(/[\r\n]/g, '')}`,
  ])
}

function bodyOf(seeded: Seeded, key: string | null): Buffer {
  const own = key === null ? {} : { api_key: key }
  const json = JSON.stringify({
    ...own,
    number: '6285500000500',
    message: seeded.one(['Halo', 1, null, [], {}, '\u0000']),
  })
  return seeded.one([
    Buffer.alloc(0),
    Buffer.from(json),
    Buffer.from(json.slice(0, seeded.below(json.length))),
    Buffer.from(json, 'utf16le'),
    Buffer.from(`"${json}`),
    Buffer.from(new URLSearchParams({ ...own, number: '1', message: 'a&b' }).toString()),
    Buffer.from('['.repeat(seeded.below(5_000))),
    Buffer.from(`{"__proto__":{"a":1},"number":${'9'.repeat(seeded.below(400))}}`),
    Buffer.from(`${seeded.one(['5', 'fff', '-1', 'z', '0'])}\r\nhallo\r\n0\r\n\r\n`),
    seeded.bytes(seeded.below(300)),
  ])
}
