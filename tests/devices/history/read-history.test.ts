import { execFile } from 'node:child_process'
import { Agent, createServer } from 'node:https'
import type { Server } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { deflateSync } from 'node:zlib'
import { proto } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadBaileys } from '../../../src-main/devices/baileys/baileys.ts'
import { FileLost } from '../../../src-main/devices/history/encrypted-download.ts'
import type { DownloadPlace } from '../../../src-main/devices/history/encrypted-download.ts'
import { maxHistoryBytes, readHistory } from '../../../src-main/devices/history/read-history.ts'
import { openBlobs } from '../../../src-main/sandbox/media/blobs.ts'
import { startControl } from '../../../src-main/sandbox/control/sandbox-control.ts'
import { storeEncrypted } from '../../../src-main/sandbox/phone/encrypted-file.ts'
import { startSandbox } from '../../../src-main/sandbox/sandbox.ts'
import { makeTlsIdentity } from '../../../src-main/sandbox/server/tls-certificate.ts'
import { silentLog } from '../devices-fixture.ts'

const mebibyte = 1_048_576
await loadBaileys()

const token = { id: '1000000000000001@lid', tcToken: Buffer.from('a token'), tcTokenTimestamp: 1_790_000_000 }
const history = Buffer.from(proto.HistorySync.encode({ syncType: 3, conversations: [token] }).finish())

describe('a part of the history', () => {
  const blobs = openBlobs(null, 512 * mebibyte)
  const tls = makeTlsIdentity(Date.now())
  let server: Server
  let place: DownloadPlace
  let answer: (sha256: string) => Buffer | number | null
  beforeEach(async () => {
    answer = () => null
    server = createServer({ key: tls.key, cert: tls.certificate }, (request, response) => {
      const name = /([0-9a-f]{64})\.enc/.exec(request.url ?? '')?.[1] ?? ''
      const special = answer(name)
      if (typeof special === 'number') response.writeHead(special).end()
      else if (special !== null) response.end(special)
      else (blobs.read(name) ?? response.writeHead(404)).pipe(response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    place = {
      agent: new Agent({ ca: tls.root }),
      hostnames: async () => [`127.0.0.1:1`, `127.0.0.1:${port}`],
    }
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  const notification = async (inflated: Buffer): Promise<proto.Message.IHistorySyncNotification> =>
    storeEncrypted(blobs, deflateSync(inflated, { level: 1 }), 'History')

  it('is fetched from whichever host gives it, and read', async () => {
    const { tokens } = await readHistory(place, await notification(history))
    expect(tokens).toMatchObject([{ jid: token.id, token: token.tcToken }])
  })

  it('comes with the notification itself where it is short', async () => {
    const inline = { initialHistBootstrapInlinePayload: deflateSync(history) }
    expect((await readHistory(place, inline)).tokens).toHaveLength(1)
  })

  it.each([403, 404, 410])(
    'is lost where the host answers %i, and asked for again at any other',
    async (code) => {
      const file = await notification(history)
      answer = () => code
      await expect(readHistory(place, file)).rejects.toThrow(FileLost)
      answer = () => 503
      const later = readHistory(place, file)
      await expect(later).rejects.toThrow('no host gave the file')
      await expect(later).rejects.not.toThrow(FileLost)
    },
  )

  it('counts for nothing where a byte of the file was changed', async () => {
    const file = await notification(history)
    const encrypted = await buffer(blobs.read(nameOf(file)) ?? Readable.from([]))
    encrypted[3] = (encrypted[3] ?? 0) ^ 1
    answer = () => encrypted
    await expect(readHistory(place, file)).rejects.toThrow(FileLost)
  })

  it('gives what was read before it is broken, or before there is too much of it', async () => {
    const broken = Buffer.concat([history, Buffer.from([0x12, 0x7f, 0x0a])])
    expect((await readHistory(place, await notification(broken))).tokens).toHaveLength(1)
    const bomb = Buffer.concat([history, conversationOf(maxHistoryBytes + mebibyte), history])
    const before = process.memoryUsage().arrayBuffers
    const { tokens } = await readHistory(place, await notification(bomb))
    expect(tokens).toHaveLength(1)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(96 * mebibyte)
  }, 30_000)

  it('that is no zlib gives nothing, without an error', async () => {
    const file = await storeEncrypted(blobs, Buffer.from('not deflated'), 'History')
    expect((await readHistory(place, file)).tokens).toEqual([])
  })
})

it('a history of 20 MB costs a process less than 40 MB while it is read', async () => {
  const sandbox = await startSandbox({ file: null, log: silentLog })
  const control = await startControl(sandbox, { port: 0 })
  const numbers = ['6285500000000', '6285500000001'] as const
  await sandbox.preparePhone(numbers[1], { historyBytes: 20 * mebibyte })
  const words = JSON.stringify({
    url: sandbox.url,
    certificate: sandbox.certificate,
    control: control.url,
    numbers,
  })
  const script = join(import.meta.dirname, 'linked-with-history.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, words])
  await Promise.all([control.stop(), sandbox.stop()])
  const { grownBytes, parts } = JSON.parse(stdout) as { grownBytes: number; parts: number }
  expect(parts).toBe(8)
  expect(grownBytes).toBeLessThan(40 * mebibyte)
}, 90_000)

function nameOf({ directPath }: proto.Message.IHistorySyncNotification): string {
  return /([0-9a-f]{64})\.enc/.exec(directPath ?? '')?.[1] ?? ''
}

/** A conversation whose one message has so many bytes. */
function conversationOf(bytes: number): Buffer {
  const message = Buffer.concat([Buffer.from([(2 << 3) | 2]), varint(bytes), Buffer.alloc(bytes)])
  return Buffer.concat([Buffer.from([(2 << 3) | 2]), varint(message.length), message])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return Buffer.from([...bytes, rest])
}
