import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { mockMessage, secrets, sender, startMockServices, type MockServices } from './mock-services.ts'
import { has, run } from './run-tool.ts'

/** A caller that was answered sooner has not run out of time. */
const late = 2_100

let double: MockServices
beforeAll(async () => {
  double = await startMockServices()
})
afterAll(() => double.api.stop())
beforeEach(() => {
  double.markAnswered.length = 0
  double.clearAnswered.length = 0
  double.outcome = async ({ recipients }) => {
    await pause(late)
    return recipients.map((recipient) => ({
      recipient,
      message: mockMessage({ recipient }),
      failure: null,
    }))
  }
})

const parameters = { api_key: secrets.all, sender, number: '6285500000500', message: 'Halo' }
const path = `/send-message?${new URLSearchParams(parameters).toString()}`

const host = (): string => `127.0.0.1:${double.api.port}`

/** A caller that has asked, and does not read. */
async function asking(...headers: string[]): Promise<Socket> {
  const socket = connect(double.api.port, '127.0.0.1').pause()
  socket.on('error', () => {
    // What becomes of the connection is seen from the other side.
  })
  socket.write([`GET ${path} HTTP/1.1`, `Host: ${host()}`, ...headers, '', ''].join('\r\n'))
  return socket
}

/** Closes its end with the answer in the machine's buffers: the machine resets the connection. */
async function givesUp(socket: Socket): Promise<void> {
  await expect.poll(() => double.markAnswered.length).toBe(1)
  socket.destroy()
}

it.each([
  ['Connection: keep-alive', 0],
  // A caller on an overloaded machine closes its connection late.
  ['Connection: close', 3_000],
])(
  'is not told after all where the caller gave up with the answer unread (%s, %i ms after it)',
  async (header, afterMs) => {
    const socket = await asking(header)
    await expect.poll(() => double.markAnswered.length).toBe(1)
    await pause(afterMs)
    await givesUp(socket)
    await expect.poll(() => double.clearAnswered.length).toBe(1)
  },
)

it('is not told after all where the program itself stood still while the caller waited', async () => {
  double.outcome = async ({ recipients }) =>
    recipients.map((recipient) => ({ recipient, message: mockMessage({ recipient }), failure: null }))
  const socket = await asking()
  await once(socket, 'connect')
  // Longer than a caller's least patience, as beside a slow disk; the request lies in the system's buffers.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, late)
  await givesUp(socket)
  await expect.poll(() => double.clearAnswered.length).toBe(1)
})

it('is not told to a caller that has just gone, though nothing was seen of that yet', async () => {
  const socket = await asking()
  double.outcome = async ({ recipients }) => {
    await pause(late)
    socket.destroy()
    return recipients.map((recipient) => ({
      recipient,
      message: mockMessage({ recipient }),
      failure: null,
    }))
  }
  await expect.poll(() => double.api.accessLog(1)[0]?.result).toBe('caller_gone')
  expect(double.markAnswered).toEqual([])
})

it('stays told where the caller did not wait long: some look at the status alone', async () => {
  double.outcome = async ({ recipients }) =>
    recipients.map((recipient) => ({ recipient, message: mockMessage({ recipient }), failure: null }))
  await givesUp(await asking())
  await afterAnother()
  expect(double.clearAnswered).toEqual([])
})

it.runIf(has('curl')).each([['--http1.1'], ['--http1.0'], ['--header', 'Connection: close']])(
  'stays told where curl has read it and ends its connection (%s)',
  async (...words) => {
    expect(await run('curl', ['-s', ...words, double.url + path])).toContain('"status":true')
    await expect.poll(() => double.markAnswered.length).toBe(1)
    await afterAnother()
    expect(double.clearAnswered).toEqual([])
  },
)

it('stays told where the caller reads it, asks again on the same connection and gives up on that', async () => {
  const socket = await asking()
  await expect.poll(() => double.markAnswered.length).toBe(1)
  socket.resume()
  await expect.poll(() => socket.bytesRead).toBeGreaterThan(0)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host()}\r\n\r\n`)
  await expect.poll(() => double.calls.length).toBeGreaterThan(1)
  socket.resetAndDestroy()
  await afterAnother()
  expect(double.clearAnswered).toEqual([])
})

it('ends a connection that is not kept as soon as the caller does', async () => {
  const socket = await asking('Connection: close')
  const began = performance.now()
  expect(await text(socket.resume())).toContain('"status":true')
  // Were it kept until Kurir loses patience, this would be 30 seconds more.
  expect(performance.now() - began).toBeLessThan(late + 1_500)
})

/** What is to follow from a connection's end has followed once another call was answered. */
async function afterAnother(): Promise<void> {
  await fetch(`${double.url}/health`)
  await pause(50)
  await fetch(`${double.url}/health`)
}
