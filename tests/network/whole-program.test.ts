import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startControl } from '../../src-main/sandbox/control/sandbox-control.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { silentLog } from '../devices/devices-fixture.ts'
import { pairByApi } from '../support/practice-server.ts'
import { eventually, runProgram, startProgram, temporaryFolder } from '../support/program.ts'
import type { Program } from '../support/program.ts'
import { makePdf } from '../media/files/office-files.ts'
import { startConnectProxy } from './connect-proxy.ts'
import type { ConnectProxy } from './connect-proxy.ts'
import { identityElsewhere, mediaHost, startTlsFront, webHost } from './whatsapp-elsewhere.ts'

const number = '6285500000044'
const login = 'kasir:rahasia'
const fileAddress = '93.184.216.34'

/**
 * A PC in a company: nothing outside can be reached but through a proxy with a password, and what comes back is signed by
 * the company's own root, which is in the PC's store and nowhere else.
 */
describe.runIf(process.platform === 'linux')('the program on a PC behind a proxy that opens TLS', () => {
  let sandbox: Sandbox
  let control: Awaited<ReturnType<typeof startControl>>
  let front: Awaited<ReturnType<typeof startTlsFront>>
  let files: Server
  let proxy: ConnectProxy
  let environment: Record<string, string>

  beforeAll(async () => {
    const identity = identityElsewhere()
    sandbox = await startSandbox({ file: null, log: silentLog, tls: identity, mediaHostName: mediaHost })
    control = await startControl(sandbox, { port: 0 })
    front = await startTlsFront(identity, sandbox.url)
    files = createServer((_request, response) => response.end(makePdf()))
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve))
    const media = sandbox.ports.map((port) => [`${mediaHost}:${port}`, port] as const)
    proxy = await startConnectProxy({
      login,
      leads: {
        [`${webHost}:443`]: front.port,
        [`${fileAddress}:80`]: (files.address() as AddressInfo).port,
        ...Object.fromEntries(media),
      },
    })
    const store = join(mkdtempSync(join(tmpdir(), 'kurir-store-')), 'company.pem')
    writeFileSync(store, identity.root)
    const address = `http://${login}@127.0.0.1:${proxy.port}`
    environment = {
      SSL_CERT_FILE: store,
      SSL_CERT_DIR: '/nowhere',
      NODE_EXTRA_CA_CERTS: '',
      HTTPS_PROXY: address,
      HTTP_PROXY: address,
      NO_PROXY: '',
    }
  })
  afterAll(async () => {
    await front.stop()
    await proxy.stop()
    await control.stop()
    await sandbox.stop()
    files.close()
  })

  const start = (args: string[] = []): Promise<Program> =>
    startProgram({ args: ['--whatsapp-url', front.url, '--new-key', 'kasir', ...args], environment })

  it('pairs, sends a text and a file by its address, all through the proxy', async () => {
    const program = await start()
    try {
      const { api, key } = placeOf(program)
      await pairByApi({ api, key, control: control.url, number })
      const text = { sender: number, number: '6281234567890', message: 'Halo dari kantor' }
      expect(await call(api, key, '/send-message', text)).toMatchObject({ status: true })
      const file = {
        sender: number,
        number: '6281234567890',
        media_type: 'pdf',
        url: `http://${fileAddress}/nota.pdf`,
      }
      expect(await call(api, key, '/send-media', file)).toMatchObject({ status: true })
      const received = await eventually(() => (sandbox.inbox(null).length === 2 ? sandbox.inbox(null) : null))
      expect(received.map(({ text }) => text)).toContain('Halo dari kantor')
      expect(new Set(proxy.opened.map((place) => place.split(':')[0]))).toEqual(
        new Set([webHost, mediaHost, fileAddress]),
      )
      expect(program.output()).not.toContain('rahasia')
    } finally {
      await program.stop()
    }
  })

  it('says at its API that the proxy of --setting network.proxy wants a password', async () => {
    const program = await start(['--setting', `network.proxy=http://127.0.0.1:${proxy.port}`])
    try {
      const { api, key } = placeOf(program)
      const answer = await eventually(async () => {
        const said = await call(api, key, '/generate-qr', { device: number, force: '1' })
        return said.msg?.includes('proxy') === true ? said : null
      })
      expect(answer).toMatchObject({ status: false })
      expect(answer.msg).toMatch(/proxy requires a user name and a password.*network\.proxy/)
    } finally {
      await program.stop()
    }
  })

  it('does not start with nonsense for a proxy, and says what it takes', async () => {
    const words = ['--headless', '--data-dir', join(temporaryFolder(), 'data'), '--port', '0']
    const run = runProgram([...words, '--setting', 'network.proxy=ftp://kasir:rahasia@10.0.0.1'])
    expect(await run.ended()).toBe(1)
    expect(run.output()).toMatch(
      /network\.proxy takes system, none, or the address of a proxy.*setting_invalid/,
    )
    expect(run.output()).not.toContain('rahasia')
  })
})

function placeOf({ ready }: Program): { api: string; key: string } {
  if (ready.apiKey === undefined) throw new Error('no key was made')
  return { api: ready.api, key: ready.apiKey }
}

async function call(
  api: string,
  key: string,
  path: string,
  parameters: Record<string, string>,
): Promise<{ status: boolean; msg?: string }> {
  const body = new URLSearchParams({ api_key: key, ...parameters })
  const response = await fetch(`${api}${path}`, { method: 'POST', body })
  return (await response.json()) as { status: boolean; msg?: string }
}
