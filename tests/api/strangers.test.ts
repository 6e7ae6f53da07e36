import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { availableParallelism, loadavg } from 'node:os'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { routes } from '../../src-main/api/routes/routes.ts'
import { startProgram, type Program } from '../support/program.ts'
import { watchHealth } from '../support/watchdog.ts'
import { mutatedMultiparts } from './multipart-mutations.ts'
import { rawRequest } from './raw-request.ts'

// Whoever has no key, against the real program in a process of its own.

/** /health has to be answered within these, on a machine that does nothing else. */
const maxPauseMs = 1_000
const maxPauseP99Ms = 250
/** Seconds of a processor that one of these may cost, whatever else the machine does: without bounds it is 9 to 75. */
const maxProcessorSeconds = 4
const maxResidentBytes = 600 * 1024 * 1024

let program: Program
let port = 0
beforeAll(async () => {
  program = await startProgram({ args: ['--sandbox'] })
  port = Number(new URL(program.ready.api).port)
})
afterAll(() => program.stop())

const head = (line: string, more = '') => `${line}\r\nHost: 127.0.0.1:${String(port)}\r\n${more}\r\n`

const post = (path: string, body: string | Buffer, type: string, more = '') =>
  Buffer.concat([
    Buffer.from(
      head(
        `POST ${path} HTTP/1.1`,
        `Connection: close\r\nContent-Type: ${type}\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n${more}`,
      ),
    ),
    Buffer.from(body),
  ])

const formType = 'application/x-www-form-urlencoded'

const keyedPaths = routes.filter(({ right }) => right !== null).map(({ path }) => path.replace(':id', 'x'))

/** How much longer everything takes while other programs want the processors too. */
function crowding(): number {
  return 1.5 * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())
}

function processorSeconds(): number {
  const fields = readFileSync(`/proc/${String(program.process.pid)}/stat`, 'latin1')
    .split(') ')[1]
    ?.split(' ')
  // utime and stime, in hundredths of a second (proc(5); USER_HZ is 100 on every Linux that Node runs on).
  return (Number(fields?.[11]) + Number(fields?.[12])) / 100
}

function residentBytes(): number {
  const status = readFileSync(`/proc/${String(program.process.pid)}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024
}

async function opened(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Does it while /health is watched, which has to be answered all the time. */
async function whileWatched(work: () => Promise<void>, seconds = maxProcessorSeconds): Promise<void> {
  const watch = watchHealth(program.ready.api)
  const before = processorSeconds()
  await work()
  const { p99, max, count } = await watch.stop()
  expect(count).toBeGreaterThan(0)
  expect(processorSeconds() - before).toBeLessThan(seconds)
  expect(max).toBeLessThan(maxPauseMs * crowding())
  expect(p99).toBeLessThan(maxPauseP99Ms * crowding())
  expect(residentBytes()).toBeLessThan(maxResidentBytes)
  expect(program.process.exitCode).toBeNull()
}

describe('the program goes on and answers others while a stranger', () => {
  it.each(keyedPaths)('sends %s a multipart part that lacks its blank line', async (path) => {
    const body = '--b\r\nContent-Disposition: form-data; name="message"\r\nHalo\r\n--b--\r\n'
    const method = path.startsWith('/messages') || path === '/groups' ? 'GET' : 'POST'
    const request = post(path, body, 'multipart/form-data; boundary=b')
      .toString('latin1')
      .replace('POST', method)
    const answer = await rawRequest(port, request)
    expect(answer).toMatchObject({ status: 400, body: { status: false, code: 'body_unreadable' } })
    expect(String(answer.body['msg'])).toContain('blank line')
    expect((await fetch(`${program.ready.api}/health`)).status).toBe(200)
  })

  it('asks three times for a thousand documents ahead and reads none', { timeout: 120_000 }, () =>
    whileWatched(async () => {
      for (const path of ['/openapi.json', '/docs', '/health']) {
        const sockets = await Promise.all([1, 2, 3].map(opened))
        for (const socket of sockets) socket.pause().write(head(`GET ${path} HTTP/1.1`).repeat(1_200))
        // Long enough for all of them to have been worked on, were they.
        await rawRequest(port, head('GET /health HTTP/1.1', 'Connection: close\r\n'))
        await rawRequest(port, head('GET /docs HTTP/1.1', 'Connection: close\r\n'))
      }
    }),
  )

  it.each([
    ['per cent signs', `message=é ${'&%'.repeat(524_000)}`],
    ['nothing but per cent signs', '%&'.repeat(524_000)],
    ['names', 'a&'.repeat(524_000)],
    ['equal signs', '%=%&'.repeat(262_000)],
  ])('posts a form of a megabyte of %s, four times at once', { timeout: 120_000 }, (_what, form) =>
    whileWatched(async () => {
      const request = post('/send-message', form, 'application/x-www-form-urlencoded')
      const answers = await Promise.all([1, 2, 3, 4].map(() => rawRequest(port, request)))
      for (const { status, body } of answers)
        expect([status, body['code']]).toEqual([
          Buffer.byteLength(form) > 1_048_576 ? 413 : 400,
          Buffer.byteLength(form) > 1_048_576 ? 'body_too_large' : 'key_missing',
        ])
    }),
  )

  it('asks for an address of 120 KB of per cent signs, twenty times', { timeout: 120_000 }, () =>
    whileWatched(async () => {
      const request = head(`GET /send-message?${'%&'.repeat(60_000)} HTTP/1.1`, 'Connection: close\r\n')
      for (let count = 0; count < 20; count += 1)
        expect((await rawRequest(port, request)).body['code']).toBe('body_unreadable')
    }),
  )

  it.each([
    [
      'an address with a name of blanks',
      () => head(`GET /send-message?a${'+'.repeat(120_000)}b=1 HTTP/1.1`, 'Connection: close\r\n'),
    ],
    ['a form with a name of blanks', () => post('/send-message', `a${' '.repeat(60_000)}b`, formType)],
    [
      'JSON with a name of blanks',
      () => post('/send-message', `{"a${' '.repeat(60_000)}b":1}`, 'application/json'),
    ],
    [
      'a charset of quotes',
      () => post('/send-message', 'a=é', formType, `Content-Encoding: a${"'".repeat(100_000)}b\r\n`),
    ],
  ])('sends %s, four times at once', { timeout: 180_000 }, (_what, request) =>
    whileWatched(async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => rawRequest(port, request())))
      for (const { status } of answers) expect(status).toBe(400)
    }),
  )

  it('sends JSON of a megabyte that is 500,000 deep', () =>
    whileWatched(async () => {
      const body = `{"a":${'['.repeat(500_000)}`
      const answer = await rawRequest(port, post('/send-message', body, 'application/json'))
      expect(answer.body['code']).toBe('key_missing')
    }))
})

describe('is answered before its body was sent', () => {
  const withoutBody = (more: string, bytes = 900_000) =>
    head('POST /send-media HTTP/1.1', `Content-Length: ${String(bytes)}\r\n${more}`)

  async function firstAnswer(request: string): Promise<{ text: string; afterMs: number }> {
    const socket = await opened()
    const began = performance.now()
    socket.write(request)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return { text: answer.toString(), afterMs: performance.now() - began }
  }

  it.each([
    ['a large body', 900_000],
    ['a small body, after a moment in which it could have named a better one', 100],
  ])('who names a key that is not known, with %s', async (_what, bytes) => {
    const { text, afterMs } = await firstAnswer(withoutBody('X-API-Key: kurir_wrong\r\n', bytes))
    expect(text).toContain('key_unknown')
    expect(afterMs).toBeLessThan(4_000)
  })

  it('who has a file but no key, and nothing is written of it', async () => {
    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF'
    const type = 'Content-Type: multipart/form-data; boundary=b\r\n'
    const { text, afterMs } = await firstAnswer(withoutBody(type, 50_000_000) + part)
    expect(text).toContain('key_missing')
    expect(afterMs).toBeLessThan(4_000)
  })

  it('who waits for leave to send it, and is not given leave', async () => {
    const { text } = await firstAnswer(withoutBody('Expect: 100-continue\r\nX-API-Key: kurir_wrong\r\n'))
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text).toContain('key_unknown')
  })

  it('who does not send it within ten seconds', { timeout: 40_000 }, async () => {
    const { text, afterMs } = await firstAnswer(withoutBody('', 100))
    expect(text).toContain('request_timeout')
    expect(afterMs).toBeLessThan(20_000)
  })
})

it('a caller with a key is answered while strangers hold every connection', { timeout: 60_000 }, async () => {
  const half = head('POST /send-message HTTP/1.1', 'Content-Length: 100\r\n')
  const strangers = await Promise.all(Array.from({ length: 300 }, opened))
  for (const socket of strangers) socket.write(half)
  const began = performance.now()
  // A connection of its own: a kept one on which no key was shown is among those that make room.
  const key = `X-API-Key: ${program.ready.apiKey ?? ''}\r\nConnection: close\r\n`
  expect((await rawRequest(port, head('GET /info-devices HTTP/1.1', key))).status).toBe(200)
  expect(performance.now() - began).toBeLessThan(4_000)
})

it('survives 2,000 mutated multipart bodies at every keyed path', { timeout: 300_000 }, async () => {
  const waiting = mutatedMultiparts(2_000, 20_261_130, program.ready.apiKey ?? '').map((mutated, index) => ({
    ...mutated,
    path: keyedPaths[index % keyedPaths.length] ?? '',
  }))
  const complaints: string[] = []
  const worker = async () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const request = post(one.path, one.body, one.type)
      const sent = one.cutAt === null ? request : request.subarray(0, request.length - one.cutAt)
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      if (one.cutAt === null) socket.write(sent)
      else socket.end(sent)
      const answer = await text(socket).catch(() => 'broken off')
      const isFine = one.cutAt === null ? /^HTTP\/1\.1 [24]\d\d /.test(answer) : !answer.includes(' 500 ')
      if (!isFine) complaints.push(`${one.path} ${JSON.stringify(one.body.toString('latin1'))}: ${answer}`)
    }
  }
  await whileWatched(async () => {
    await Promise.all(Array.from({ length: 8 }, worker))
  }, 40)
  expect(complaints).toEqual([])
})
