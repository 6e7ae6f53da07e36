import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Device } from '../../../src-preload/contract.ts'
import { startSandbox } from '../../../src-main/sandbox/sandbox.ts'
import type { Sandbox } from '../../../src-main/sandbox/sandbox.ts'
import { startConnectProxy } from '../../network/connect-proxy.ts'
import type { ConnectProxy } from '../../network/connect-proxy.ts'
import { identityElsewhere, mediaHost, startTlsFront, webHost } from '../../network/whatsapp-elsewhere.ts'
import { DesktopRun, onElectron } from './desktop.ts'
import { until } from './until.ts'

const number = '6285500000044'

let run: DesktopRun
let sandbox: Sandbox
let front: Awaited<ReturnType<typeof startTlsFront>>
let proxy: ConnectProxy
let words: string[]

beforeEach(async () => {
  run = await DesktopRun.open()
  const identity = identityElsewhere()
  sandbox = await startSandbox({
    file: null,
    log: pino({ level: 'silent' }),
    tls: identity,
    mediaHostName: mediaHost,
  })
  front = await startTlsFront(identity, sandbox.url)
  const media = sandbox.ports.map((port) => [`${mediaHost}:${port}`, port] as const)
  proxy = await startConnectProxy({ leads: { [`${webHost}:443`]: front.port, ...Object.fromEntries(media) } })
  const root = join(run.folder, 'company.pem')
  writeFileSync(root, identity.root)
  words = [`--whatsapp-url=${front.url}`, `--extra-ca=${root}`]
})

afterEach(async () => {
  await run.close()
  await front.stop()
  await proxy.stop()
  await sandbox.stop()
})

/** Begins to pair a device as the window does. */
async function pairIn(page: Page): Promise<string> {
  return page.evaluate(async (number) => {
    const { kurir } = window
    if (kurir === undefined) throw new Error('the page has no bridge')
    const added = await kurir.call('devices.add', { kind: 'custom', number, name: 'Elsewhere' })
    if (!added.ok) throw new Error(added.error.message)
    await kurir.call('devices.pair', { id: added.value.id, how: 'qr' })
    return added.value.id
  }, number)
}

async function stateIn(page: Page): Promise<Device['state'] | undefined> {
  return page.evaluate(async () => {
    const listed = await window.kurir?.call('devices.list', {})
    return listed?.ok === true ? listed.value[0]?.state : undefined
  })
}

describe.skipIf(onElectron)('the proxies of the system’s settings', () => {
  test('B12: are asked of Electron for WhatsApp’s address, and lead the device to it', async () => {
    const program = await run.start({ words, machine: { proxy: `PROXY 127.0.0.1:${proxy.port}; DIRECT` } })
    const page = await program.page()
    await pairIn(page)
    const qr = await until('a QR', async () => {
      const state = await stateIn(page)
      return state?.name === 'pairing' ? state.qr : null
    })
    await sandbox.scan(qr.text, number)
    await until('a connection', async () => (await stateIn(page))?.name === 'connected')
    expect(proxy.opened).toContain(`${webHost}:443`)
    expect((await program.see()).proxyLookups).toContain(`https://${webHost}/`)
  })

  test('B12: that want a password are said on the device’s card, with the setting to write it into', async () => {
    proxy.options = { ...proxy.options, login: 'kasir:rahasia' }
    const program = await run.start({ words, machine: { proxy: `PROXY 127.0.0.1:${proxy.port}` } })
    const page = await program.page()
    await pairIn(page)
    await until('its end', async () => (await stateIn(page))?.name === 'unpaired')
    await page.getByText('The proxy requires a user name and a password').first().waitFor()
    await page.getByText('http://name:password@10.0.0.1:3128').first().waitFor()
  })
})
