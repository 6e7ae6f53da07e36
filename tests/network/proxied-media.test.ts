import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Egress } from '../../src-main/egress/egress.ts'
import { makeTlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'
import type { Failure } from '../../src-main/lib/failure.ts'
import { makePdf } from '../media/files/office-files.ts'
import { failureOf, openMedia } from '../media/files/open-media.ts'
import { closedPort, startConnectProxy } from './connect-proxy.ts'
import type { ConnectProxy } from './connect-proxy.ts'
import { egressOf } from './egress-of.ts'

const shop = 'shop.example'
const address = '93.184.216.34'
const trusted = getCACertificates('default')

let secure: Server
let plain: Server
/** What the file servers were asked: the Host header. */
const hosts: (string | undefined)[] = []
let proxy: ConnectProxy

beforeAll(async () => {
  const { key, certificate, root } = makeTlsIdentity(Date.now(), [shop])
  const answer: Parameters<typeof createPlainServer>[1] = (request, response) => {
    hosts.push(request.headers.host)
    response.end(makePdf())
  }
  secure = createServer({ key, cert: certificate }, answer)
  plain = createPlainServer(answer)
  for (const server of [secure, plain]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }
  setDefaultCACertificates([...trusted, root])
})
afterAll(() => {
  setDefaultCACertificates(trusted)
  secure.close()
  plain.close()
})
beforeEach(async () => {
  hosts.length = 0
  proxy = await startConnectProxy({
    leads: {
      [`${address}:443`]: portOf(secure),
      [`${address}:80`]: portOf(plain),
      [`${shop}:443`]: portOf(secure),
    },
  })
})
afterEach(() => proxy.stop())

const portOf = (server: Server): number => (server.address() as AddressInfo).port

interface Wish {
  url?: string
  egress?: Egress
  trustedHosts?: string
  lookUp?: (hostname: string) => Promise<string[]>
  ownPorts?: number[]
}

const outside = (): Promise<string[]> => Promise.resolve([address])
const unknown = (): Promise<string[]> =>
  Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }))

async function fetchPdf(wish: Wish = {}): Promise<void> {
  const { url = `https://${shop}/nota.pdf`, trustedHosts = '', lookUp = outside, ownPorts = [] } = wish
  await using open = await openMedia(
    { 'media.trustedHosts': trustedHosts },
    {
      egress: wish.egress ?? egressOf(proxy.url),
      lookUp,
      ownPorts: () => ownPorts,
      deadlines: { connect: 1_500, firstByte: 2_000, idle: 2_000, whole: 10_000 },
    },
  )
  const request = { source: { url }, mediaType: 'pdf', fileName: null, voice: false } as const
  await (await open.media.fetch(request)).release()
}

const refusal = (wish: Wish = {}): Promise<Failure> => failureOf(fetchPdf(wish))

test('a file is fetched through the proxy from the address that was checked, under the url’s name', async () => {
  await fetchPdf()
  expect(proxy.opened).toEqual([`${address}:443`])
  expect(hosts).toEqual([shop])
})

test('a file without TLS is fetched through a tunnel, too, so that the proxy cannot choose another address', async () => {
  await fetchPdf({ url: `http://${shop}/nota.pdf` })
  expect(proxy.opened).toEqual([`${address}:80`])
  expect(proxy.plain).toEqual([])
  expect(hosts).toEqual([shop])
})

test('an address inside is refused before the proxy hears of it, also where a name leads outside, too', async () => {
  for (const inside of ['10.0.0.7', '127.0.0.1', '169.254.169.254']) {
    const failure = await refusal({ lookUp: () => Promise.resolve([address, inside]) })
    expect(failure.code).toBe('media_address_refused')
  }
  expect((await refusal({ url: 'http://192.168.1.1/setup' })).code).toBe('media_address_refused')
  expect(proxy.asked).toEqual([])
})

test('a name that this PC cannot look up is not left to the proxy, and the refusal says how to allow it', async () => {
  const failure = await refusal({ lookUp: unknown })
  expect(failure.code).toBe('media_unreachable')
  expect(failure.message).toMatch(/cannot be looked up on this PC.*media\.trustedHosts/)
  expect(proxy.asked).toEqual([])
})

test('a name that the operator has listed is left to the proxy, looked up here or not', async () => {
  await fetchPdf({ lookUp: unknown, trustedHosts: shop })
  await fetchPdf({ trustedHosts: shop })
  expect(proxy.opened).toEqual([`${shop}:443`, `${shop}:443`])
})

test('a listed name is not left to the proxy on a port of this program', async () => {
  const failure = await refusal({ lookUp: unknown, trustedHosts: shop, ownPorts: [443] })
  expect(failure.code).toBe('media_address_refused')
  expect(proxy.asked).toEqual([])
})

test('what the operator trusts in the own network is fetched without the proxy', async () => {
  await fetchPdf({
    url: `http://kasir.lan:${portOf(plain)}/nota.pdf`,
    trustedHosts: 'kasir.lan',
    lookUp: () => Promise.resolve(['127.0.0.1']),
  })
  expect(proxy.asked).toEqual([])
  expect(hosts).toEqual([`kasir.lan:${portOf(plain)}`])
})

test('localhost is never reached through the proxy', async () => {
  await fetchPdf({
    url: `http://localhost:${portOf(plain)}/nota.pdf`,
    trustedHosts: '127.0.0.1',
    lookUp: () => Promise.resolve(['127.0.0.1']),
  })
  expect(proxy.asked).toEqual([])
})

test('a proxy that lets nobody through to the address says so, and what else to try', async () => {
  proxy.options = { refuseWith: 403 }
  const failure = await refusal({ url: `http://${shop}/nota.pdf` })
  expect(failure.code).toBe('proxy_refused')
  expect(failure.message).toMatch(/answered 403.*https:\/\/.*media\.trustedHosts/)
})

test('a proxy that wants a password says so, and one that offers only NTLM that it cannot be used', async () => {
  proxy.options = { login: 'kasir:benar' }
  const failure = await refusal()
  expect(failure).toMatchObject({
    code: 'proxy_login_required',
    message: expect.stringContaining('http://name:password@'),
  })
  const wrong = await refusal({ egress: egressOf(`http://kasir:salah@127.0.0.1:${proxy.port}`) })
  expect(wrong).toMatchObject({
    code: 'proxy_login_required',
    message: expect.stringContaining('does not accept'),
  })
  expect(wrong.message).not.toContain('salah')
  proxy.options = { login: 'kasir:benar', challenge: 'NTLM' }
  expect(await refusal()).toMatchObject({
    code: 'proxy_login_required',
    message: expect.stringContaining('NTLM only'),
  })
})

test('a proxy that hangs costs no more than the time for connecting', async () => {
  proxy.options = { hangs: true }
  const begun = Date.now()
  expect(await refusal()).toMatchObject({ code: 'proxy_unreachable' })
  expect(Date.now() - begun).toBeLessThan(5_000)
})

test('a proxy that nobody runs is said to be the reason, and never the file’s host', async () => {
  const port = await closedPort()
  const failure = await refusal({ egress: egressOf(`http://127.0.0.1:${port}`) })
  expect(failure).toMatchObject({ code: 'proxy_unreachable' })
  expect(failure.message).toContain(`127.0.0.1:${port}`)
  expect(failure.message).not.toContain(shop)
})

test('a web server that is no proxy is said to be none', async () => {
  const failure = await refusal({ egress: egressOf(`http://127.0.0.1:${portOf(secure)}`) })
  expect(failure.code).toBe('proxy_unreachable')
})

test('without a proxy nothing is asked of one', async () => {
  const failure = await refusal({
    egress: egressOf('none', { environment: { HTTPS_PROXY: proxy.url } }),
    lookUp: () => Promise.resolve(['127.0.0.1']),
    trustedHosts: '127.0.0.1',
    url: `https://${shop}:1/nota.pdf`,
  })
  expect(failure.code).toBe('media_unreachable')
  expect(proxy.asked).toEqual([])
})
