import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import {
  inState,
  scanWhenOffered,
  sendText,
  silentLog,
  startFixture,
  until,
} from '../devices/devices-fixture.ts'
import { makePdf } from '../media/files/office-files.ts'
import { failureOf, openMedia } from '../media/files/open-media.ts'
import { egressOf } from './egress-of.ts'
import { startSocksServer } from './socks-server.ts'
import { identityElsewhere, mediaHost, startTlsFront, webHost } from './whatsapp-elsewhere.ts'

const address = '93.184.216.34'
let files: Server
beforeAll(async () => {
  files = createServer((_request, response) => response.end(makePdf()))
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  files.close()
})

test('a device pairs and sends through a SOCKS proxy, which looks the names up', async () => {
  const identity = identityElsewhere()
  const sandbox = await startSandbox({ file: null, log: silentLog, tls: identity, mediaHostName: mediaHost })
  const front = await startTlsFront(identity, sandbox.url)
  const media = sandbox.ports.map((port) => [`${mediaHost}:${port}`, port] as const)
  const leads = { [`${webHost}:443`]: front.port, ...Object.fromEntries(media) }
  const socks = await startSocksServer({ leads, login: 'kasir:rahasia' })
  const egress = egressOf(`socks5://kasir:rahasia@127.0.0.1:${socks.port}`)
  const fixture = await startFixture({ whatsappUrl: front.url, extraCertificates: [identity.root], egress })
  try {
    const { id } = await fixture.devices.add({ kind: 'custom', number: '6285500000044', name: 'Elsewhere' })
    await fixture.devices.pair(id, 'qr')
    await scanWhenOffered({ devices: fixture.devices, sandbox }, id, '6285500000044')
    await until(fixture.devices, id, inState('connected'))
    const { outcome } = await sendText(fixture.devices, id, '6281234567890@s.whatsapp.net', 'Halo')
    expect(outcome).toMatchObject({ result: 'acknowledged' })
    expect(socks.asked).toContain(`${webHost}:443`)
  } finally {
    await fixture.stop()
    await front.stop()
    await socks.stop()
    await sandbox.stop()
  }
})

async function fetchThrough(proxy: string) {
  await using open = await openMedia(
    {},
    { egress: egressOf(proxy), lookUp: () => Promise.resolve([address]) },
  )
  const source = { url: 'http://shop.example/nota.pdf' }
  await (await open.media.fetch({ source, mediaType: 'pdf', fileName: null, voice: false })).release()
}

test('a file is fetched through a SOCKS proxy from the address that was checked', async () => {
  const leads = { [`${address}:80`]: (files.address() as AddressInfo).port }
  const socks = await startSocksServer({ leads })
  try {
    await fetchThrough(socks.url)
    expect(socks.asked).toEqual([`${address}:80`])
  } finally {
    await socks.stop()
  }
})

test('a SOCKS proxy that wants a password, knows another one, or allows nothing is said to do so', async () => {
  const closed = await startSocksServer({ leads: {} })
  const locked = await startSocksServer({ leads: {}, login: 'kasir:benar' })
  try {
    const failure = (proxy: string) => failureOf(fetchThrough(proxy))
    expect(await failure(closed.url)).toMatchObject({ code: 'proxy_refused' })
    expect(await failure(locked.url)).toMatchObject({ code: 'proxy_login_required' })
    expect(await failure(`socks5://kasir:salah@127.0.0.1:${locked.port}`)).toMatchObject({
      code: 'proxy_login_required',
      message: expect.stringContaining('does not accept'),
    })
    // An HTTP server is no SOCKS server.
    const { port } = files.address() as AddressInfo
    expect(await failure(`socks5://127.0.0.1:${port}`)).toMatchObject({ code: 'proxy_unreachable' })
  } finally {
    await closed.stop()
    await locked.stop()
  }
})
