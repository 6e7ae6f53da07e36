import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'
import { makePdf } from './files/office-files.ts'
import { failureOf, openMedia } from './files/open-media.ts'

let server: Server
let port = 0
const seen: { host: string | undefined; servername: string | false | null }[] = []
const trustedBefore = getCACertificates('default')

beforeAll(async () => {
  // For localhost and 127.0.0.1.
  const { key, certificate, root } = makeTlsIdentity(Date.now())
  server = createServer({ key, cert: certificate }, (request, response) => {
    seen.push({
      host: request.headers.host,
      servername: (request.socket as TLSSocket & { servername: string | false }).servername,
    })
    response.end(makePdf())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  setDefaultCACertificates([...trustedBefore, root])
})

afterAll(() => {
  setDefaultCACertificates(trustedBefore)
  server.closeAllConnections()
  server.close()
})

const room = () =>
  openMedia({ 'media.trustedHosts': '127.0.0.1' }, { lookUp: () => Promise.resolve(['127.0.0.1']) })
const request = (host: string) =>
  ({
    source: { url: `https://${host}:${port}/1.pdf` },
    mediaType: 'pdf',
    fileName: null,
    voice: false,
  }) as const

test('over TLS the checked address is asked under the url’s name, and has to prove that name', async () => {
  await using open = await room()
  await (await open.media.fetch(request('localhost'))).release()
  expect(seen).toEqual([{ host: `localhost:${port}`, servername: 'localhost' }])
  const failure = await failureOf(open.media.fetch(request('bank.example')))
  expect(failure.code).toBe('media_unreachable')
  expect(failure.message).toContain('certificate')
  expect(seen).toHaveLength(1)
})

test('over TLS an address in the url is asked without a name, and has to prove the address', async () => {
  await using open = await room()
  await (await open.media.fetch(request('127.0.0.1'))).release()
  expect(seen.at(-1)).toEqual({ host: `127.0.0.1:${port}`, servername: false })
})

test('a certificate that nobody trusts ends the fetch', async () => {
  setDefaultCACertificates(trustedBefore)
  await using open = await room()
  const failure = await failureOf(open.media.fetch(request('localhost')))
  expect(failure.code).toBe('media_unreachable')
  expect(failure.message).toContain('certificate')
})
