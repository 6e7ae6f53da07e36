import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { secrets, sender } from './mock-services.ts'
import { double, post } from './posting.ts'
import { rawRequest } from './raw-request.ts'

const media = { api_key: secrets.all, sender, number: '6285500000500', media_type: 'pdf' }

/** What would have ended the program. */
let uncaught: Error[]
const note = (error: Error) => uncaught.push(error)
beforeEach(() => {
  uncaught = []
  process.on('uncaughtExceptionMonitor', note)
})
afterEach(() => process.off('uncaughtExceptionMonitor', note))

async function connected(request: string): Promise<Socket> {
  const socket = connect(double.api.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(request)
  return socket
}

/** The beginning of a multipart body whose file never comes whole. */
function beginningOf(path: string, { field = 'file', fileName = 'nota.pdf', announced = 100_000 } = {}) {
  const part =
    `--b\r\nContent-Disposition: form-data; name="${field}"; filename="${fileName}"\r\n` +
    'Content-Type: application/pdf\r\n\r\n%PDF-1.7 …'
  return (
    `POST ${path} HTTP/1.1\r\nHost: localhost:${String(double.api.port)}\r\n` +
    `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${String(announced || Buffer.byteLength(part))}\r\n\r\n${part}`
  )
}

const query = new URLSearchParams(media).toString()

describe('the program goes on when', () => {
  it.each([
    ['a file for /send-media', `/send-media?${query}`, {}],
    ['a file that /send-message does not take', `/send-message?${query}`, {}],
    ['a file in another field', `/send-media?${query}`, { field: 'photo' }],
    ['a file without a name', `/send-media?${query}`, { fileName: '' }],
    ['a stranger’s file', '/send-media?api_key=wrong', {}],
  ])('%s breaks off with its connection', async (_what, path, part) => {
    const socket = await connected(beginningOf(path, part))
    await pause(50)
    socket.destroy()
    await pause(50)
    expect(uncaught).toEqual([])
  })

  it.each([
    ['a file for /send-media', {}, 'body_unreadable'],
    ['a file in another field', { field: 'photo' }, 'parameter_invalid'],
  ])('%s ends before its boundary', async (_what, part, code) => {
    const socket = await connected(beginningOf(`/send-media?${query}`, { ...part, announced: 0 }))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(answer.toString()).toContain(code)
    expect(uncaught).toEqual([])
  })

  it('a connection is reset that was asked to be a proxy', async () => {
    const socket = await connected(
      `CONNECT example.com:443 HTTP/1.1\r\nHost: localhost:${String(double.api.port)}\r\n\r\n`,
    )
    await once(socket, 'data')
    socket.resetAndDestroy()
    await pause(50)
    expect(uncaught).toEqual([])
  })
})

it('a file behind more fields than are taken is not begun with', async () => {
  const body = new FormData()
  body.append('caption', 'x'.repeat(1024 * 1024 + 1))
  body.append('file', new File(['y'.repeat(200_000)], 'nota.pdf'))
  const ended = double.ended.length
  expect(await post(`/send-media?${query}`, body)).toMatchObject({ status: 413 })
  expect(double.ended.slice(ended)).toEqual([])
})

it('what follows a call that came whole does not take the place of its answer', async () => {
  const { outcome } = double
  onTestFinished(() => {
    double.outcome = outcome
  })
  double.outcome = async (call) => {
    await pause(50)
    return outcome(call)
  }
  // Counted in characters, as callers do that count themselves.
  const body = `${new URLSearchParams({ ...media, media_type: '' }).toString()}&message=Café`
  const answer = await rawRequest(
    double.api.port,
    `POST /send-message HTTP/1.1\r\nHost: localhost:${String(double.api.port)}\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
  )
  expect(double.calls).toHaveLength(1)
  expect(answer).toMatchObject({ status: 200, body: { status: true, msg: 'Message sent successfully!' } })
  expect(answer.headers['connection']).toBe('close')
})

it.each([
  ['cut short', 'Content-Length: 500', '{"message":"Ha'],
  ['framed as no chunks are', 'Transfer-Encoding: chunked', '{"message":"Halo"}'],
])('a caller that offers another protocol is answered when its body is %s', async (_what, framing, body) => {
  const head =
    `POST /send-message HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${secrets.all}\r\n` +
    `Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`
  const socket = await connected(head)
  socket.end(body)
  const began = performance.now()
  expect(await text(socket)).toContain('body_unreadable')
  expect(performance.now() - began).toBeLessThan(3_000)
})
