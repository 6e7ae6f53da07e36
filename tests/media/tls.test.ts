import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makePdf } from './files/office-files.ts'
import { failureOf, openMedia } from './files/open-media.ts'

let server: Server
let port = 0
const seen: { host: string | undefined; servername: string | false | null }[] = []
const trustedBefore = getCACertificates('default')

/** A certificate of its own for shop.example, made by openssl. */
function makeCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-tls-'))
  const subject = ['-subj', '/CN=shop.example', '-addext', 'subjectAltName=DNS:shop.example,IP:127.0.0.1']
  const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert')]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
    {
      stdio: 'ignore',
    },
  )
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const made = { key: read('key'), cert: read('cert') }
  rmSync(folder, { recursive: true })
  return made
}

beforeAll(async () => {
  const certificate = makeCertificate()
  server = createServer(certificate, (request, response) => {
    seen.push({
      host: request.headers.host,
      servername: (request.socket as TLSSocket & { servername: string | false }).servername,
    })
    response.end(makePdf())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  setDefaultCACertificates([...trustedBefore, certificate.cert])
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
  await (await open.media.fetch(request('shop.example'))).release()
  expect(seen).toEqual([{ host: `shop.example:${port}`, servername: 'shop.example' }])
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
  const failure = await failureOf(open.media.fetch(request('shop.example')))
  expect(failure.code).toBe('media_unreachable')
  expect(failure.message).toContain('certificate')
})
