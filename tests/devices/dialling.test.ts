import { once } from 'node:events'
import { Agent } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { loadBaileys } from '../../src-main/devices/baileys/baileys.ts'
import { Connection } from '../../src-main/devices/connection/connection.ts'
import type { End } from '../../src-main/devices/lifecycle/disconnect-reasons.ts'
import { SessionKeys } from '../../src-main/devices/session-keys/session-key-store.ts'
import { createSharedCaches } from '../../src-main/devices/session-keys/shared-caches.ts'
import { silentLog } from './devices-fixture.ts'

const { initAuthCreds } = await loadBaileys()

let server: Server
const lines = new Set<Socket>()
/** What the server does with a line. */
let serve: (line: Socket) => void
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  server = createServer((line) => {
    lines.add(line)
    line.on('error', () => {})
    serve(line)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  for (const line of lines) line.destroy()
  lines.clear()
  server.close()
  vi.useRealTimers()
})

function dial(): {
  connection: Connection
  ended: Promise<End>
  isOver: () => boolean
  line: Promise<unknown>
} {
  const caches = createSharedCaches()
  const { promise: ended, resolve } = Promise.withResolvers<End>()
  let over = false
  const line = once(server, 'connection')
  const connection = new Connection({
    deviceId: 'device',
    endpoint: { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, agent: new Agent() },
    version: [2, 3000, 1],
    keys: new SessionKeys(
      { deviceId: 'device', table: {} as never, cipher: {} as never, cache: caches.keys, failed: () => {} },
      initAuthCreds(),
    ),
    caches,
    timers: { learn: () => {}, of: () => null } as never,
    historyExpected: () => false,
    getMessage: () => undefined,
    log: silentLog,
    now: Date.now,
    trace: null,
    events: {
      opened: () => {},
      ended: (end) => {
        over = true
        resolve(end)
      },
      stanza: () => {},
      receipt: () => {},
      saltKnown: () => {},
      timeLock: () => {},
      newChatQuota: () => {},
      qr: () => {},
      credentials: () => {},
    },
  })
  return { connection, ended, isOver: () => over, line }
}

describe('a server that has not answered within 15 s', () => {
  it('when it is dialled is unreachable', async () => {
    serve = () => {}
    const { ended, isOver, line } = dial()
    await line
    vi.advanceTimersByTime(14_900)
    expect(isOver()).toBe(false)
    vi.advanceTimersByTime(100)
    expect(await ended).toEqual({ reason: 'unreachable', code: 408 })
  })

  it('on a line that is there is silent, counted from then', async () => {
    const sockets = new WebSocketServer({ noServer: true })
    const greeted = Promise.withResolvers<void>()
    serve = (line) => {
      line.once('data', (head: Buffer) => {
        const key = /sec-websocket-key: (\S+)/i.exec(head.toString())?.[1]
        const request = {
          method: 'GET',
          headers: { upgrade: 'websocket', 'sec-websocket-key': key, 'sec-websocket-version': '13' },
        }
        sockets.handleUpgrade(request as never, line, Buffer.alloc(0), (socket) => {
          socket.once('message', () => greeted.resolve())
        })
      })
    }
    const { ended, isOver, line } = dial()
    vi.advanceTimersByTime(10_000)
    await line
    await greeted.promise
    vi.advanceTimersByTime(14_900)
    expect(isOver()).toBe(false)
    vi.advanceTimersByTime(100)
    expect(await ended).toEqual({ reason: 'silence', code: 408 })
  })
})

describe('a server that answers, but gives no line,', () => {
  it.each([
    [503, 'unavailable'],
    [403, 'unreachable'],
  ] as const)('with %i is %s at once', async (status, reason) => {
    serve = (line) => {
      line.once('data', () => line.write(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`))
    }
    const { connection, ended } = dial()
    // No time passes here: the watch over the dialling has no part in it.
    expect(await ended).toEqual({ reason, code: status })
    await connection.closed
  })
})

it('a bar on new contacts that is told of while it is asked about is asked about again', async () => {
  serve = () => {}
  const { connection, line } = dial()
  await line
  const dispatch = (isActive: boolean) =>
    connection.socket.ev.emit('connection.update', { reachoutTimeLock: { isActive } })
  const ask = vi.fn().mockImplementationOnce(async () => {
    dispatch(false)
    dispatch(true)
  })
  ask.mockImplementation(async () => dispatch(false))
  connection.socket.fetchAccountReachoutTimelock = ask
  connection.askForTimeLock()
  await new Promise((resolve) => setImmediate(resolve))
  expect(ask).toHaveBeenCalledTimes(2)
})
