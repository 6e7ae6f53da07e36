import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startApplication } from '../../src-main/app/app.ts'
import type { Application } from '../../src-main/app/app.ts'
import { backupContent } from '../../src-main/app/backup-content.ts'
import { diagnosticsOf } from '../../src-main/app/diagnostics.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { writeBackup } from '../../src-main/storage/backup/backup.ts'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'
import { inState, scanWhenOffered, silentLog, until } from '../devices/devices-fixture.ts'
import { startConnectProxy } from './connect-proxy.ts'
import type { ConnectProxy } from './connect-proxy.ts'
import { identityElsewhere, mediaHost, startTlsFront, webHost } from './whatsapp-elsewhere.ts'

const number = '6285500000044'
const password = 'r4hasia-kantor'

let sandbox: Sandbox
let front: Awaited<ReturnType<typeof startTlsFront>>
let proxies: ConnectProxy[]
let application: Application
let folder: string
let key: string

beforeEach(async () => {
  const identity = identityElsewhere()
  sandbox = await startSandbox({ file: null, log: silentLog, tls: identity, mediaHostName: mediaHost })
  front = await startTlsFront(identity, sandbox.url)
  const media = sandbox.ports.map((port) => [`${mediaHost}:${port}`, port] as const)
  const leads = { [`${webHost}:443`]: front.port, ...Object.fromEntries(media) }
  proxies = [await startConnectProxy({ leads }), await startConnectProxy({ leads })]
  folder = await mkdtemp(join(tmpdir(), 'kurir-proxied-'))
  application = await startApplication({
    dataFolder: folder,
    shell: 'headless',
    dataKey: () => Promise.resolve(randomBytes(32)),
    settingsStore: confStore,
    settingOverrides: { 'api.port': '0' },
    sandbox: false,
    whatsappUrl: front.url,
    extraCertificates: [identity.root],
    version: '0.0.0-test',
    systemProxy: () => Promise.resolve('DIRECT'),
  })
  ;({ secret: key } = await application.keys.create({
    name: 'test',
    devices: { all: true },
    rights: ['send', 'read'],
    expiresAt: null,
  }))
})
afterEach(async () => {
  await application.stop()
  await front.stop()
  await Promise.all(proxies.map((proxy) => proxy.stop()))
  await sandbox.stop()
  await rm(folder, { recursive: true, force: true })
})

const proxyAt = (index: number): ConnectProxy => {
  const proxy = proxies[index]
  if (proxy === undefined) throw new Error('there is no such proxy')
  return proxy
}

async function connect(): Promise<string> {
  const { devices } = application
  const { id } = await devices.add({ kind: 'custom', number, name: 'Elsewhere' })
  await devices.pair(id, 'qr')
  await scanWhenOffered({ devices, sandbox }, id, number)
  await until(devices, id, inState('connected'))
  return id
}

async function call(
  path: string,
  parameters: Record<string, string>,
): Promise<{ status: boolean; msg: string; code?: string }> {
  const { status } = application.api
  if (status.state !== 'running') throw new Error('the API does not run')
  const response = await fetch(`http://127.0.0.1:${status.port}${path}`, {
    method: 'POST',
    body: new URLSearchParams({ api_key: key, sender: number, ...parameters }),
  })
  return (await response.json()) as { status: boolean; msg: string; code?: string }
}

it('devices go over to another proxy as soon as it is set, and messages follow', async () => {
  application.settings.set('network.proxy', proxyAt(0).url)
  const id = await connect()
  const before = proxyAt(0).opened.length
  application.settings.set('network.proxy', proxyAt(1).url)
  const isThere = (): boolean => proxyAt(1).opened.includes(`${webHost}:443`)
  await until(application.devices, id, (device) => isThere() && inState('connected')(device))
  expect(proxyAt(0).opened).toHaveLength(before)
  expect(await call('/send-message', { number: '6281234567890', message: 'Halo' })).toMatchObject({
    status: true,
  })
  expect(sandbox.inbox(null)).toMatchObject([{ text: 'Halo' }])
})

it('a caller is told in plain words that the proxy keeps the device from WhatsApp', async () => {
  application.settings.set('network.proxy', proxyAt(0).url)
  const id = await connect()
  proxyAt(0).options = { login: 'kasir:benar' }
  proxyAt(0).cut()
  await until(
    application.devices,
    id,
    ({ state }) => state.name === 'waiting' && state.reason === 'proxy_login_required',
  )
  const answer = await call('/send-message', { number: '6281234567890', message: 'Halo' })
  expect(answer).toMatchObject({ status: false })
  expect(answer.msg).toMatch(/not connected.*proxy requires a user name and a password.*network\.proxy/)
  // The right password, written once, and all goes on.
  proxyAt(0).options = { ...proxyAt(1).options, login: 'kasir:benar' }
  application.settings.set('network.proxy', `http://kasir:benar@127.0.0.1:${proxyAt(0).port}`)
  await until(application.devices, id, inState('connected'))
})

it('a proxy’s password is in no log, diagnostics, settings file or backup', async () => {
  proxyAt(0).options = { ...proxyAt(0).options, login: `kasir:${password}` }
  application.settings.set('network.proxy', `http://kasir:${password}@127.0.0.1:${proxyAt(0).port}`)
  await connect()
  proxyAt(0).options = { login: 'kasir:changed' }
  proxyAt(0).cut()
  await until(application.devices, application.devices.list()[0]?.id ?? '', inState('waiting'))
  const diagnostics = JSON.stringify(await diagnosticsOf(application))
  expect(diagnostics).toContain('"network.proxy":"http://…"')
  const file = join(folder, 'backup.kurir')
  const { database, settings, version } = application
  await writeBackup({ database, file, settings: settings.kept(), version, content: backupContent })
  const files = ['kurir.log', 'settings.json', 'backup.kurir', 'kurir.sqlite', 'kurir.sqlite-wal']
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')))
  for (const text of [diagnostics, ...texts]) expect(text).not.toContain(password)
  expect(texts[2]).toContain('network.proxy')
})
