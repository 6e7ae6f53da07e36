import { mkdtempSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startWindowServer, type WindowServer } from '../../src-main/headless/window/window-server.ts'
import type { Logger } from '../../src-main/lib/logging/logger.ts'
import { ipcOf, type Handlers, type Ipc } from '../../src-main/ipc/ipc.ts'

const log = pino({ level: 'silent' })
const warnings: string[] = []
const watchedLog: Logger = Object.assign(Object.create(log) as Logger, {
  warn: (_facts: object, sentence: string) => warnings.push(sentence),
})
let server: WindowServer
let ipc: Ipc
let token = ''

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-window-'))
  writeFileSync(join(folder, 'index.html'), '<title>Kurir</title>')
  // Only the calls that these tests make; the handlers themselves are tested with the application.
  const handlers = { 'devices.list': () => [], 'devices.rename': () => null } as unknown as Handlers
  ipc = ipcOf(handlers, log)
  server = await startWindowServer({ folder, ipc, log: watchedLog })
  token = new URL(server.url).hash.slice('#token='.length)
})

afterEach(() => server.stop())

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** By hand: fetch does not let Host and Sec-Fetch-Site be forged. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.on('error', reject).end()
  })
}

function socket(headers: Record<string, string> = {}, path = '/bridge'): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers })
}

function closed(line: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    line.once('close', resolve)
  })
}

/** The status of an upgrade that was refused. */
function refused(line: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    line.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    line.once('open', () => reject(new Error('it was let in')))
    line.once('error', () => undefined)
  })
}

/** An open line that showed the token, and everything it hears. */
async function admitted(): Promise<{ line: WebSocket; heard: unknown[]; next: () => Promise<unknown> }> {
  const line = socket()
  const heard: unknown[] = []
  const waiting: ((frame: unknown) => void)[] = []
  line.on('message', (data: Buffer) => {
    const frame: unknown = JSON.parse(data.toString())
    const taker = waiting.shift()
    if (taker === undefined) heard.push(frame)
    else taker(frame)
  })
  const next = (): Promise<unknown> =>
    heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((resolve) => void waiting.push(resolve))
  await new Promise((resolve) => line.once('open', resolve))
  line.send(JSON.stringify({ token }))
  expect(await next()).toEqual({ ready: true })
  return { line, heard, next }
}

describe('the files', () => {
  test('need no secret, and say what may run in them', async () => {
    const answer = await ask('/')
    expect(answer).toMatchObject({ status: 200, body: '<title>Kurir</title>' })
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  test.each([
    ['another name that leads here', { host: 'pos.example:80' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['a page on another port of this PC', { 'sec-fetch-site': 'same-site' }],
    ['a link on a web page', { 'sec-fetch-site': 'cross-site' }],
  ])('are refused to %s', async (_, headers) => {
    expect((await ask('/', headers)).status).toBe(403)
  })

  test('are only read', async () => {
    expect((await ask('/', {}, 'POST')).status).toBe(405)
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })

  test('lead nowhere else', async () => {
    expect((await ask('/../package.json')).status).toBe(404)
    expect((await ask('/%2e%2e/package.json')).status).toBe(404)
  })
})

describe('the line', () => {
  test('answers calls once the token was shown', async () => {
    const { line, next } = await admitted()
    line.send(JSON.stringify({ id: 7, call: 'devices.list', request: {} }))
    expect(await next()).toEqual({ id: 7, outcome: { ok: true, value: [] } })
  })

  test('tells events to every window, until it is closed', async () => {
    const [one, other] = [await admitted(), await admitted()]
    ipc.notify('keys.changed', null)
    expect(await one.next()).toEqual({ event: 'keys.changed', payload: null })
    expect(await other.next()).toEqual({ event: 'keys.changed', payload: null })
    one.line.close()
    await closed(one.line)
    ipc.notify('keys.changed', null)
    expect(await other.next()).toEqual({ event: 'keys.changed', payload: null })
    expect(one.heard).toEqual([])
  })

  test.each([
    ['a wrong token', JSON.stringify({ token: 'x'.repeat(43) })],
    ['a call before the token', JSON.stringify({ id: 1, call: 'devices.list', request: {} })],
    ['no JSON', 'hello'],
    ['a token that is no text', JSON.stringify({ token: ['x'] })],
  ])('is closed after %s', async (_, first) => {
    const line = socket()
    line.once('open', () => line.send(first))
    expect(await closed(line)).toBe(4401)
  })

  test('is closed after bytes that are no text', async () => {
    const line = socket()
    line.once('open', () => line.send(Buffer.from(JSON.stringify({ token }))))
    expect(await closed(line)).toBe(4401)
  })

  test('is closed when a frame is not of the protocol', async () => {
    const { line } = await admitted()
    line.send(JSON.stringify({ id: -1, call: 'devices.list', request: {}, more: true }))
    expect(await closed(line)).toBe(4400)
  })

  test('is cut when a frame is larger than any of the protocol', async () => {
    const { line } = await admitted()
    line.send('x'.repeat(5 * 1024 * 1024))
    expect(await closed(line)).toBe(1009)
  })

  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port of this PC', { origin: 'http://127.0.0.1:1' }],
    ['another host', { host: 'pos.example' }],
    ['a frame of a web page', { 'sec-fetch-site': 'cross-site' }],
  ])('is refused to %s', async (_, headers) => {
    expect(await refused(socket(headers))).toBe(403)
  })

  test('is at one path only', async () => {
    expect(await refused(socket({}, '/'))).toBe(404)
  })

  test('is refused calls that do not exist, and requests of another form', async () => {
    const { line, next } = await admitted()
    for (const [call, asked] of [
      ['__proto__', {}],
      ['devices.explode', {}],
      ['devices.rename', { id: 1, name: 'x' }],
      ['devices.rename', { id: 'a', name: 'x', more: 1 }],
    ]) {
      line.send(JSON.stringify({ id: 1, call, request: asked }))
      expect(await next()).toMatchObject({ id: 1, outcome: { ok: false } })
    }
  })
})

describe('whoever has no token', () => {
  test('cannot keep connections that were refused', { timeout: 30_000 }, async () => {
    const lines = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const line = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true })
        line.on('error', () => undefined)
        line.write(
          `GET /nothing HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
            'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
        )
        await new Promise((resolve) => line.once('data', resolve))
        return line
      }),
    )
    // A client that does not end its own side is ended by a reset, which its next bytes are met with.
    await expect
      .poll(() => {
        for (const line of lines) line.write('x')
        return lines.every((line) => line.destroyed)
      })
      .toBe(true)
  })

  test('is not heard any more after a wrong one, and is written down once a minute', async () => {
    const written = warnings.length
    const line = socket()
    line.on('error', () => undefined)
    await new Promise((resolve) => line.once('open', resolve))
    for (let count = 0; count < 10; count += 1) line.send(JSON.stringify({ token: 'x'.repeat(43) }))
    expect(await closed(line)).toBe(4401)
    const other = socket()
    other.once('open', () => other.send('hello'))
    await closed(other)
    expect(warnings.slice(written)).toEqual(['a window had no valid token'])
  })

  test('is cut off at once with a message that is larger than any token', async () => {
    const line = socket()
    line.on('error', () => undefined)
    await new Promise((resolve) => line.once('open', resolve))
    line.send(Buffer.alloc(100_000), { fin: false })
    expect(await closed(line)).toBe(1006)
  })
})

test('is reached by loopback alone', async () => {
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter((entry) => entry !== undefined && !entry.internal && entry.family === 'IPv4')
  for (const entry of addresses) {
    const reached = await new Promise((resolve) => {
      const line = connect({ host: entry?.address ?? '', port: server.port })
      line.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    expect(reached).toBe(false)
  }
})

test('has another token in each run, in a part of the address that is never sent', async () => {
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(new URL(server.url).pathname + new URL(server.url).search).toBe('/')
})

test('a connection whose request never comes whole is let go soon after its ten seconds', async () => {
  const line = connect({ host: '127.0.0.1', port: server.port })
  const began = performance.now()
  line.write('GET / HTTP/1.1\r\nHost: x')
  line.resume()
  await new Promise((resolve) => line.once('close', resolve).once('error', resolve))
  // Node looks at its limits of time every 30 s, unless it is told otherwise.
  expect(performance.now() - began).toBeLessThan(20_000)
}, 60_000)
