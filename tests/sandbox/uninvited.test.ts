import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { randomBytes } from 'node:crypto'
import { NOISE_WA_HEADER } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { FrameReader, frame } from '../../src-main/sandbox/server/frames.ts'
import { paired, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

/** The status that an upgrade is refused with; 101 where it is not. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url, { headers })
  socket.on('error', () => undefined)
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(
      ([, response]: { statusCode: number }[]) => response?.statusCode ?? 0,
    ),
  ])
  socket.terminate()
  return status
}

describe('a WebSocket is refused', () => {
  it.each([
    ['to a web page', { origin: 'https://evil.example' }],
    ['to a page of a file', { origin: 'null' }],
    ['to a page on another port of this PC', { origin: 'http://localhost:8080' }],
    ['to a page that a browser says is foreign', { 'sec-fetch-site': 'cross-site' }],
    ['under another name that leads here', { host: 'evil.example' }],
  ])('%s, even if it knew the address', async (_what, headers) => {
    const practice = await sandbox()
    expect(await statusOf(practice.url, headers)).toBe(403)
  })

  it('to whoever does not know the end of its address', async () => {
    const practice = await sandbox()
    const known = new URL(practice.url)
    expect(known.search.length).toBeGreaterThan(30)
    for (const path of ['/ws/chat', '/ws/chat?', '/ws/chat?x', `${known.pathname}${known.search}x`])
      expect(await statusOf(known.origin.replace('http', 'ws') + path, {})).toBe(404)
    expect(await statusOf(practice.url, {})).toBe(101)
    expect(await statusOf(practice.url, { origin: 'https://web.whatsapp.com' })).toBe(101)
  })

  it('and its connection is closed, though its client keeps it open', async () => {
    const practice = await sandbox()
    const { port } = new URL(practice.url)
    const socket = connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true })
    socket.on('error', () => undefined)
    socket.write(
      `GET /ws/chat HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toContain('404')
    // A client that does not end its own side is ended by a reset, which its next bytes are met with.
    await expect
      .poll(() => {
        socket.write('x')
        return socket.destroyed
      })
      .toBe(true)
  })
})

it('a client that has not logged in is cut off after 64 KiB', async () => {
  const practice = await sandbox()
  const socket = new WebSocket(practice.url)
  socket.on('error', () => undefined)
  await once(socket, 'open')
  socket.send(Buffer.alloc(200_000), { fin: false })
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1006)
})

it('a client that is logged in sends what it likes', async () => {
  const practice = await sandbox()
  const device = await paired(practice)
  for (let round = 0; round < 40; round += 1)
    await device.sock?.sendNode({
      tag: 'ib',
      attrs: {},
      content: [{ tag: 'x', attrs: {}, content: randomBytes(4_000) }],
    })
  await turn()
  expect(practice.preKeyCounts(sender)[0]).toBeGreaterThan(0)
  expect(device.ended).toBeNull()
})

describe('a frame', () => {
  const content = randomBytes(15_000_000)
  const whole = Buffer.concat([NOISE_WA_HEADER, frame(content)])

  it('of 15 MB in pieces of a few hundred bytes costs no more than its bytes', () => {
    const reader = new FrameReader()
    const began = process.cpuUsage()
    const frames: Buffer[] = []
    for (let at = 0; at < whole.length; at += 300) frames.push(...reader.read(whole.subarray(at, at + 300)))
    const { user, system } = process.cpuUsage(began)
    expect(frames).toHaveLength(1)
    expect(frames[0]?.equals(content)).toBe(true)
    // 50,000 pieces that were joined each time would be copied for minutes.
    expect((user + system) / 1_000).toBeLessThan(3_000)
  })

  it.each([1, 2, 3, 5, 7, 11])('is read the same in pieces of %i bytes', (size) => {
    const sent = [Buffer.from('a'), Buffer.alloc(0), Buffer.from('Halo dunia'), randomBytes(300)]
    const routed = Buffer.from([0x45, 0x44, 0, 1, 0, 0, 3, 9, 9, 9])
    const bytes = Buffer.concat([routed, NOISE_WA_HEADER, ...sent.map(frame)])
    const reader = new FrameReader()
    const frames: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) frames.push(...reader.read(bytes.subarray(at, at + size)))
    expect(frames.map((one) => one.toString('hex'))).toEqual(sent.map((one) => one.toString('hex')))
  })
})
