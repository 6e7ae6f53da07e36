import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { fetchFailure } from '../../src-main/media/fetch/fetch-failure.ts'
import { makeTlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'
import { failureOf, openMedia } from './files/open-media.ts'

const year = 365 * 24 * 3_600_000
const trustedBefore = getCACertificates('default')
const servers: Server[] = []
afterEach(() => {
  setDefaultCACertificates(trustedBefore)
  for (const server of servers.splice(0)) server.close()
})

async function portOf(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** What somebody is told who gives a link to a server whose certificate was made at that time. */
async function toldOf(host: string, madeAt: number, trust = true): Promise<string> {
  const { key, certificate, root } = makeTlsIdentity(madeAt)
  if (trust) setDefaultCACertificates([...trustedBefore, root])
  return fetchFrom(
    host,
    await portOf(createServer({ key, cert: certificate }, (_request, response) => response.end())),
  )
}

async function fetchFrom(host: string, port: number): Promise<string> {
  await using open = await openMedia(
    { 'media.trustedHosts': '127.0.0.1' },
    { lookUp: () => Promise.resolve(['127.0.0.1']) },
  )
  const source = { url: `https://${host}:${String(port)}/nota.pdf` }
  const failure = await failureOf(
    open.media.fetch({ source, mediaType: 'pdf', fileName: null, voice: false }),
  )
  expect(failure.code).toBe('media_unreachable')
  return failure.message
}

const today = new Date().toISOString().slice(0, 10)

test('a certificate of tomorrow asks whether this PC’s clock is right', async () => {
  expect(await toldOf('localhost', Date.now() + 2 * year)).toMatch(
    new RegExp(`not valid yet.*clock says ${today}`),
  )
})

test('a certificate of yesterday has expired', async () => {
  expect(await toldOf('localhost', Date.now() - 12 * year)).toMatch(
    new RegExp(`has expired.*clock says ${today}`),
  )
})

test('a certificate for other names says for which', async () => {
  expect(await toldOf('bank.example', Date.now())).toMatch(
    /bank\.example.* other names \(localhost, 127\.0\.0\.1\)/,
  )
})

test('a chain that is incomplete names the intermediate certificate and the antivirus', async () => {
  expect(await toldOf('localhost', Date.now(), false)).toMatch(/chain is incomplete.*antivirus/)
})

test('https on a port of plain http says that there is none', async () => {
  const port = await portOf(createPlainServer((_request, response) => response.end()))
  expect(await fetchFrom('localhost', port)).toMatch(/There is no https at localhost:\d+.*http:\/\//)
})

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /signed by somebody whom this PC does not know.*antivirus/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /signed by somebody whom this PC does not know.*antivirus/],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', /old form of TLS/],
  ['CERT_REVOKED', /its certificate is not valid for it/],
])('%s has its own sentence', (code, sentence) => {
  const error = Object.assign(new Error('x'), { code })
  expect(fetchFailure(error, new URL('https://shop.example/a')).message).toMatch(sentence)
})
