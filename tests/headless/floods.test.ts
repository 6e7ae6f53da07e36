import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { eventually, startProgram, type Program } from '../support/program.ts'

// What local programs without a key or token can make the real program do.

let program: Program
beforeAll(async () => {
  program = await startProgram({ args: ['--sandbox'] })
})
afterAll(() => program.stop())

const portOf = (url: string | null | undefined) => Number(new URL(url ?? '').port)

/** The program's TCP sockets in one state, by their own port, from the tables of the system. */
function portsOfSockets(state: '01' | '0A'): number[] {
  const folder = `/proc/${String(program.process.pid)}`
  const links = new Set(
    readdirSync(`${folder}/fd`).flatMap((name) => {
      try {
        return readlinkSync(`${folder}/fd/${name}`)
      } catch {
        return []
      }
    }),
  )
  return readFileSync(`${folder}/net/tcp`, 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells[3] === state && links.has(`socket:[${cells[9] ?? ''}]`))
    .map((cells) => parseInt(cells[1]?.split(':')[1] ?? '', 16))
}

const listeningPorts = (): number[] => Array.from(new Set(portsOfSockets('0A')))

/**
 * Connections that the program holds on a port. Their clients see some more as open: those that the system took and the
 * program was never handed.
 */
const heldOn = (port: number): number => portsOfSockets('01').filter((own) => own === port).length

/** The practice WhatsApp's endpoint and its two media hosts. */
function sandboxPorts(): number[] {
  const { api, window, sandbox } = program.ready
  const known = new Set([api, window, sandbox?.control].map(portOf))
  return listeningPorts().filter((port) => !known.has(port))
}

function open(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => undefined)
}

test.each(['window', 'control', 'endpoint'])(
  'of requests sent ahead of their answers the %s server carries out a few and closes the connection',
  async (server) => {
    const { window, sandbox } = program.ready
    const ports =
      server === 'endpoint' ? sandboxPorts() : [portOf(server === 'window' ? window : sandbox?.control)]
    for (const port of ports) {
      const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\n\r\n`
      const socket = open(port)
      let received = ''
      socket.setEncoding('latin1').on('data', (text: string) => (received += text))
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.write(request.repeat(6_000))
      await closed
      expect(received.split('HTTP/1.1 ').length - 1).toBeLessThanOrEqual(17)
    }
  },
)

test('2,000 idle connections to a port of the window or the sandbox are not held, and windows keep theirs', async () => {
  const { api, window, sandbox } = program.ready
  const held = new WebSocket(`ws://127.0.0.1:${String(portOf(window))}/bridge`)
  await once(held, 'open')
  held.send(JSON.stringify({ token: new URL(window ?? '').hash.slice('#token='.length) }))
  await once(held, 'message')
  const ports = [...[window, sandbox?.control].map(portOf), ...sandboxPorts()]
  expect(ports).toHaveLength(5)
  for (const port of ports) {
    const sockets = Array.from({ length: 2_000 }, () => open(port).resume())
    // Idle ones are closed after ten seconds in any case, so that the bound must show before.
    await eventually(() => sockets.every(({ connecting }) => !connecting))
    expect((await fetch(`${api}/health`)).status).toBe(200)
    await eventually(() => heldOn(port) <= 1_024, 5_000)
    for (const socket of sockets) socket.destroy()
  }
  expect(held.readyState).toBe(WebSocket.OPEN)
  held.close()
})
