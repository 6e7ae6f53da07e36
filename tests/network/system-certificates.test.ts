import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'kurir-trust-'))
let server: Server
let address: string

beforeAll(async () => {
  const { key, certificate, root } = makeTlsIdentity(Date.now())
  server = createServer({ key, cert: certificate }, (_request, response) => response.writeHead(204).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  writeFileSync(join(folder, 'antivirus.pem'), root)
  writeFileSync(join(folder, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** In a process of its own, whose system's store is that file (OpenSSL's variables, which Node reads on Linux). */
async function ask(
  store: string,
  mode = '',
): Promise<{ outcome: number | string; added: number; once: boolean }> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'trusting-child.ts'), address, mode],
    {
      env: {
        ...process.env,
        SSL_CERT_FILE: store,
        SSL_CERT_DIR: join(folder, 'none'),
        NODE_EXTRA_CA_CERTS: '',
      },
    },
  )
  return JSON.parse(stdout) as { outcome: number | string; added: number; once: boolean }
}

describe.runIf(process.platform === 'linux')('the certificates of this PC', () => {
  it('are trusted by WhatsApp’s connection, and read once', async () => {
    expect(await ask(join(folder, 'antivirus.pem'))).toEqual({ outcome: 204, added: 1, once: true })
  })

  it('are the only reason: without the one in the store the server is refused', async () => {
    expect(await ask(join(folder, 'missing.pem'))).toEqual({
      outcome: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      added: 0,
      once: true,
    })
  })

  it('keep nothing from starting where the store is damaged', async () => {
    expect(await ask(join(folder, 'broken.pem'))).toMatchObject({
      outcome: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      added: 0,
    })
  })

  it('keep nothing from starting on a Node that cannot set them', async () => {
    expect(await ask(join(folder, 'antivirus.pem'), 'old-node')).toMatchObject({
      outcome: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      added: 0,
    })
  })
})
