import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { networkProblemOf } from '../../src-main/devices/connection/network-problems.ts'
import type { Egress } from '../../src-main/egress/egress.ts'
import { makeTlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'
import type { TlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'
import {
  inState,
  pairedDevice,
  scanWhenOffered,
  sendText,
  startFixture,
  until,
} from '../devices/devices-fixture.ts'
import type { Fixture } from '../devices/devices-fixture.ts'
import { temporaryFolder } from '../support/program.ts'
import { closedPort, startConnectProxy } from './connect-proxy.ts'
import type { ConnectProxy, ConnectProxyOptions } from './connect-proxy.ts'
import { egressOf } from './egress-of.ts'
import { identityElsewhere, mediaHost, startTlsFront, webHost } from './whatsapp-elsewhere.ts'

const number = '6285500000044'
const recipient = '6281234567890@s.whatsapp.net'
const folder = temporaryFolder()

let fixture: Fixture
let identity: TlsIdentity
let front: Awaited<ReturnType<typeof startTlsFront>>
let proxy: ConnectProxy

beforeEach(async () => {
  identity = identityElsewhere()
  fixture = await startFixture({}, { tls: identity, mediaHostName: mediaHost })
  front = await startTlsFront(identity, fixture.sandbox.url)
  proxy = await startConnectProxy(leadsOnly())
})
afterEach(async () => {
  await fixture.stop()
  await front.stop()
  await proxy.stop()
})

function leadsOnly(): ConnectProxyOptions {
  const media = fixture.sandbox.ports.map((port) => [`${mediaHost}:${port}`, port] as const)
  return { leads: { [`${webHost}:443`]: front.port, ...Object.fromEntries(media) } }
}

/** Devices whose WhatsApp is outside of this PC. */
function restart(egress: Egress, extraCertificates = [identity.root]): Promise<unknown> {
  return fixture.restart({ whatsappUrl: front.url, extraCertificates, egress })
}

async function addCustom(): Promise<string> {
  const { id } = await fixture.devices.add({ kind: 'custom', number, name: 'Elsewhere' })
  await fixture.devices.pair(id, 'qr')
  return id
}

async function connectCustom(): Promise<string> {
  const id = await addCustom()
  await scanWhenOffered(fixture, id, number)
  await until(fixture.devices, id, inState('connected'))
  return id
}

/** Why a device could not be paired. */
async function reasonOfFailure(): Promise<string | null> {
  const id = await addCustom()
  const { state } = await until(
    fixture.devices,
    id,
    ({ state }) => state.name === 'unpaired' && state.reason !== null,
  )
  return state.name === 'unpaired' ? state.reason : null
}

function upload(id: string): Promise<Uint8Array> {
  const content = randomBytes(2_000)
  const path = join(folder, randomBytes(6).toString('hex'))
  writeFileSync(path, content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const unknown = { width: null, height: null, seconds: null, waveform: null, thumbnail: null, notes: [] }
  const about = { kind: 'document', mimeType: 'text/plain', fileName: 'a.txt', ...unknown } as const
  const file = { path, bytes: content.length, sha256, ...about }
  return fixture.devices.compose(id, { kind: 'media', file, caption: null, viewOnce: false })
}

describe('a device whose way to WhatsApp is a proxy', () => {
  it('pairs, sends and uploads through its tunnels, each by the name that the proxy looks up', async () => {
    await restart(egressOf(proxy.url))
    const id = await connectCustom()
    const { outcome } = await sendText(fixture.devices, id, recipient, 'Halo lewat proxy')
    expect(outcome).toMatchObject({ result: 'acknowledged' })
    expect(fixture.sandbox.inbox(null)).toMatchObject([{ text: 'Halo lewat proxy' }])
    // The phone's history has been downloaded from there by now.
    await until(fixture.devices, id, () => proxy.opened.some((place) => place.startsWith(mediaHost)))
    const before = proxy.opened.length
    await upload(id)
    expect(proxy.opened.slice(before)).toContainEqual(expect.stringMatching(`^${mediaHost}:`))
    expect(
      proxy.opened.every((place) => place === `${webHost}:443` || place.startsWith(`${mediaHost}:`)),
    ).toBe(true)
    expect(proxy.plain).toEqual([])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('logs in to the proxy with the name and password of its address', async () => {
    proxy.options = { ...proxy.options, login: 'kasir:p@ss word' }
    await restart(egressOf(`http://kasir:p%40ss%20word@127.0.0.1:${proxy.port}`))
    const id = await connectCustom()
    await upload(id)
    expect(proxy.opened.length).toBeGreaterThan(1)
  })

  it('goes through a proxy that speaks TLS itself, once its certificate is trusted', async () => {
    const own = identityElsewhere()
    const secure = await startConnectProxy({ ...proxy.options, tls: { key: own.key, cert: own.certificate } })
    const trusted = getCACertificates('default')
    try {
      await restart(egressOf(secure.url))
      expect(await reasonOfFailure()).toBe('proxy_unreachable')
      expect(secure.asked).toEqual([])
      setDefaultCACertificates([...trusted, own.root])
      const id = fixture.devices.list()[0]?.id ?? ''
      await fixture.devices.pair(id, 'qr')
      await scanWhenOffered(fixture, id, number)
      await until(fixture.devices, id, inState('connected'))
      expect(secure.opened).toContain(`${webHost}:443`)
    } finally {
      setDefaultCACertificates(trusted)
      await secure.stop()
    }
  })

  it('connects again when the proxy has cut its tunnel', async () => {
    await restart(egressOf(proxy.url))
    const id = await connectCustom()
    const before = proxy.opened.length
    proxy.cut()
    await until(fixture.devices, id, () => proxy.opened.length > before)
    await until(fixture.devices, id, inState('connected'))
    const { outcome } = await sendText(fixture.devices, id, recipient, 'Lagi')
    expect(outcome).toMatchObject({ result: 'acknowledged' })
  })

  it('says that the proxy wants a name and a password, and that it takes no wrong ones', async () => {
    proxy.options = { ...proxy.options, login: 'kasir:benar' }
    await restart(egressOf(proxy.url))
    expect(await reasonOfFailure()).toBe('proxy_login_required')
    await restart(egressOf(`http://kasir:salah@127.0.0.1:${proxy.port}`))
    const [device] = fixture.devices.list()
    await fixture.devices.pair(device?.id ?? '', 'qr')
    const { state } = await until(fixture.devices, device?.id ?? '', ({ state }) => state.name === 'unpaired')
    expect(state).toEqual({ name: 'unpaired', reason: 'proxy_login_required' })
    expect(networkProblemOf(fixture.devices.list()[0])).toMatch(/name and a password.*network\.proxy/)
    expect(proxy.opened).toEqual([])
  })

  it.each([
    ['refuses', { refuseWith: 403 }, 'proxy_refused'],
    ['cannot reach WhatsApp', { leads: {} }, 'proxy_refused'],
  ])('says so where the proxy %s', async (_what, options, reason) => {
    proxy.options = options
    await restart(egressOf(proxy.url))
    expect(await reasonOfFailure()).toBe(reason)
  })

  it('says that no proxy answers where none listens', async () => {
    await restart(egressOf(`http://127.0.0.1:${await closedPort()}`))
    expect(await reasonOfFailure()).toBe('proxy_unreachable')
  })

  it('gives a proxy up that takes the connection and never answers', { timeout: 40_000 }, async () => {
    proxy.options = { hangs: true }
    await restart(egressOf(proxy.url))
    expect(await reasonOfFailure()).toBe('proxy_unreachable')
    expect(proxy.asked).toEqual([`${webHost}:443`])
  })

  it('takes the next way of the system’s settings where the first proxy cannot be reached', async () => {
    const answer = `PROXY 127.0.0.1:${await closedPort()}; PROXY 127.0.0.1:${proxy.port}; DIRECT`
    const asked: string[] = []
    const systemProxy = async (url: string) => {
      asked.push(url)
      return answer
    }
    await restart(egressOf('system', { systemProxy }))
    await connectCustom()
    expect(proxy.opened.length).toBeGreaterThan(0)
    expect(new Set(asked)).toEqual(new Set([`https://${webHost}/`]))
  })

  it('takes the proxy of the environment, and none where NO_PROXY names its host', async () => {
    const environment = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` }
    await restart(egressOf('system', { environment }))
    await connectCustom()
    const before = proxy.asked.length
    expect(before).toBeGreaterThan(0)
    await restart(egressOf('system', { environment: { ...environment, NO_PROXY: '.kurir.test' } }))
    const [device] = fixture.devices.list()
    await until(fixture.devices, device?.id ?? '', ({ state }) => state.name === 'waiting')
    expect(proxy.asked).toHaveLength(before)
  })

  it('names the antivirus where somebody unknown has opened the secure connection', async () => {
    await restart(egressOf(proxy.url), [])
    expect(await reasonOfFailure()).toBe('certificate_unknown')
    expect(networkProblemOf(fixture.devices.list()[0])).toContain('antivirus')
  })

  it('asks for the PC’s clock where the certificate is out of date', async () => {
    await front.stop()
    const old = makeTlsIdentity(Date.now() - 12 * 365 * 24 * 3_600_000, [webHost])
    front = await startTlsFront(old, fixture.sandbox.url)
    proxy.options = leadsOnly()
    await restart(egressOf(proxy.url), [old.root])
    expect(await reasonOfFailure()).toBe('certificate_expired')
  })

  it('takes another server than WhatsApp for the login page of a network', async () => {
    await front.stop()
    const other = makeTlsIdentity(Date.now(), ['hotspot.example'])
    front = await startTlsFront(other, fixture.sandbox.url)
    proxy.options = leadsOnly()
    await restart(egressOf(proxy.url), [other.root])
    expect(await reasonOfFailure()).toBe('certificate_wrong_name')
  })
})

describe('a device whose WhatsApp is on this PC', () => {
  it.each(['localhost', '127.0.0.1'])('reaches %s without the proxy that is set', async (host) => {
    await front.stop()
    const local = makeTlsIdentity(Date.now(), ['localhost'])
    front = await startTlsFront(local, fixture.sandbox.url)
    const { pathname, search } = new URL(front.url)
    const whatsappUrl = `wss://${host}:${front.port}${pathname}${search}`
    await fixture.restart({ whatsappUrl, extraCertificates: [local.root], egress: egressOf(proxy.url) })
    const id = await addCustom()
    await until(fixture.devices, id, ({ state }) => state.name === 'pairing' && state.qr !== null)
    expect(proxy.asked).toEqual([])
  })
})

describe('a sandbox device', () => {
  it('is never reached by a proxy, whatever is set', async () => {
    await fixture.stop()
    fixture = await startFixture({ egress: egressOf(`http://127.0.0.1:${await closedPort()}`) })
    const { id } = await pairedDevice(fixture)
    await upload(id)
    const { outcome } = await sendText(fixture.devices, id, recipient, 'Halo')
    expect(outcome).toMatchObject({ result: 'acknowledged' })
  })

  it('does not reconnect when the proxy is changed, while the others do', async () => {
    await restart(egressOf(proxy.url))
    const elsewhere = await connectCustom()
    const { id } = await pairedDevice(fixture)
    const since = fixture.devices.get(id)?.stateSince
    const tunnels = proxy.opened.length
    fixture.devices.reconnectAll('proxy')
    await until(
      fixture.devices,
      elsewhere,
      (device) => proxy.opened.length > tunnels && inState('connected')(device),
    )
    expect(fixture.devices.get(id)).toMatchObject({ state: { name: 'connected' }, stateSince: since })
  })
})
