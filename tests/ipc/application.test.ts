import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  AnswerOf,
  Call,
  EventName,
  Events,
  Outcome,
  RequestOf,
  Download,
} from '../../src-preload/contract.ts'
import { startApplication, type Application } from '../../src-main/app/app.ts'
import { headlessCapabilities } from '../../src-main/headless/headless-capabilities.ts'
import { startIpc } from '../../src-main/ipc/handlers.ts'
import { rawRequest } from '../api/raw-request.ts'
import { confStore } from '../../src-main/storage/settings/settings-store.ts'

// The handlers over the whole application, with its own practice WhatsApp.

const folder = mkdtempSync(join(tmpdir(), 'kurir-ipc-'))
const events: { event: EventName; payload: unknown }[] = []
let application: Application
let ipc: Awaited<ReturnType<typeof startIpc>>
let restarts = 0

beforeAll(async () => {
  application = await startApplication({
    dataFolder: join(folder, 'data'),
    shell: 'headless',
    dataKey: () => Promise.resolve(randomBytes(32)),
    settingsStore: confStore,
    settingOverrides: { pace: 'off', 'api.port': '0' },
    sandbox: false,
    whatsappUrl: null,
    extraCertificates: [],
    version: '0.0.0',
  })
  const restart = (): void => {
    restarts += 1
  }
  ipc = await startIpc(application, headlessCapabilities({ customWhatsApp: false, restart }))
  ipc.subscribe((event, payload) => void events.push({ event, payload }))
})

afterAll(async () => {
  await ipc.stop()
  await application.stop()
  rmSync(folder, { recursive: true, force: true })
})

function call<Name extends Call>(name: Name, request: RequestOf<Name>): Promise<Outcome<AnswerOf<Name>>> {
  return ipc.answer(name, request) as Promise<Outcome<AnswerOf<Name>>>
}

/** The value of a good outcome. */
async function good<Name extends Call>(name: Name, request: RequestOf<Name>): Promise<AnswerOf<Name>> {
  const outcome = await call(name, request)
  if (!outcome.ok) throw new Error(`${name}: ${outcome.error.code}: ${outcome.error.message}`)
  return outcome.value
}

async function heard<Name extends EventName>(
  event: Name,
  fits: (payload: Events[Name]) => boolean,
): Promise<Events[Name]> {
  return until(() => {
    const found = events.find((one) => one.event === event && fits(one.payload as Events[Name]))
    return found?.payload as Events[Name] | undefined
  })
}

async function until<Value>(look: () => Value | undefined): Promise<Value> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const any = { search: null, deviceId: null, states: null, keyName: null, from: null, to: null }

describe('a device', () => {
  test('of the sandbox is added and paired at one call, and everyone hears of it', async () => {
    const device = await good('sandbox.addDevice', { name: 'Kasir' })
    expect(device).toMatchObject({ kind: 'sandbox', name: 'Kasir', paired: true })
    await heard('device.changed', ({ id, state }) => id === device.id && state.name === 'connected')
    expect((await good('devices.history', { id: device.id, limit: 10 })).length).toBeGreaterThan(0)
  })

  test('of the sandbox gets a number that no other device has, connected or not', async () => {
    const [first] = await good('devices.list', {})
    const next = String(Number(first?.number) + 1)
    const waiting = await good('devices.add', { kind: 'sandbox', number: next, name: 'Later' })
    const device = await good('sandbox.addDevice', { name: 'Kasir 3' })
    expect(device.number).not.toBe(next)
    for (const { id } of [waiting, device]) await good('devices.remove', { id })
  })

  test('is renamed', async () => {
    const [device] = await good('devices.list', {})
    await good('devices.rename', { id: device?.id ?? '', name: 'Kasir 2' })
    expect((await good('devices.list', {}))[0]?.name).toBe('Kasir 2')
  })

  test('that is not there is refused with its code', async () => {
    for (const name of ['devices.pair', 'devices.rename', 'devices.remove', 'devices.logOut'] as const) {
      const request = { id: 'none', how: 'qr', name: 'x' }
      const wanted =
        name === 'devices.pair' ? ['id', 'how'] : name === 'devices.rename' ? ['id', 'name'] : ['id']
      const asked = Object.fromEntries(Object.entries(request).filter(([key]) => wanted.includes(key)))
      expect(await ipc.answer(name, asked)).toMatchObject({ ok: false, error: { code: 'device_not_found' } })
    }
  })

  test('is not added with a number that is none', async () => {
    const outcome = await call('devices.add', { kind: 'whatsapp', number: 'kasir', name: 'x' })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'number_invalid' } })
  })
})

describe('a message', () => {
  async function submit(recipients: string, text = 'Halo'): Promise<AnswerOf<'messages.submit'>> {
    const [device] = await good('devices.list', {})
    return good('messages.submit', {
      deviceId: device?.id ?? '',
      recipients,
      content: { kind: 'text', text },
      footer: null,
      queue: false,
    })
  }

  test('has the characters that the API would send, and is refused where nothing of it is seen', async () => {
    const { results } = await submit('0855-0000-0604', 'a\r\nb\u001b@\u2028c \n')
    expect(results[0]?.message?.text).toBe('a\nb@\nc')
    const [device] = await good('devices.list', {})
    const content = { kind: 'text', text: '\u200b\u3164' } as const
    const deviceId = device?.id ?? ''
    const request = { deviceId, recipients: '0855-0000-0604', content, footer: null, queue: false }
    expect(await call('messages.submit', request)).toMatchObject({
      ok: false,
      error: { code: 'parameter_missing' },
    })
  })

  test('is accepted at once, and its row is followed to the blue ticks', async () => {
    const { results } = await submit('0855-0000-0600')
    const id = results[0]?.message?.id ?? ''
    expect(results[0]).toMatchObject({ recipient: '6285500000600', failure: null })
    await heard('message.changed', (message) => message.id === id && message.state === 'read')
    const story = await good('messages.story', { id })
    expect(story.changes.map(({ state }) => state)).toContain('read')
    expect(story.message.via).toBe('window')
    await heard('sandbox.received', (message) => message.to === '6285500000600')
  })

  test('twice in a row is two messages: who presses twice means it', async () => {
    const [one, other] = [await submit('6285500000601'), await submit('6285500000601')]
    expect(one.results[0]?.message?.id).not.toBe(other.results[0]?.message?.id)
  })

  test('to several is told apart, the wrong ones too', async () => {
    const { results } = await submit('6285500000602, 12\n6285500000603')
    expect(results.map(({ failure }) => failure?.code ?? null)).toEqual([null, 'number_too_short', null])
  })

  test('is sent again when that is asked for', async () => {
    const { results } = await submit('6285500000604')
    const again = await good('messages.resend', { id: results[0]?.message?.id ?? '' })
    expect(again.id).not.toBe(results[0]?.message?.id)
    expect(again.recipient).toBe('6285500000604')
  })

  test('with a file that was uploaded arrives with every byte', async () => {
    const content = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
    const { uploadId } = await good('uploads.begin', {
      fileName: 'nota.pdf',
      mimeType: 'application/pdf',
      bytes: content.length,
    })
    await good('uploads.part', { uploadId, base64: content.toString('base64') })
    await good('uploads.finish', { uploadId })
    const [device] = await good('devices.list', {})
    await good('messages.submit', {
      deviceId: device?.id ?? '',
      recipients: '6285500000605',
      content: {
        kind: 'media',
        mediaType: 'pdf',
        source: { uploadId },
        caption: null,
        fileName: null,
        voice: false,
        viewOnce: false,
      },
      footer: null,
      queue: false,
    })
    const received = await heard('sandbox.received', ({ to }) => to === '6285500000605')
    expect(received).toMatchObject({ kind: 'document', fileName: 'nota.pdf' })
    const file = await good('sandbox.file', { id: received.id, offset: 0 })
    expect(Buffer.from(file.base64, 'base64').equals(content)).toBe(true)
    expect(file.last).toBe(true)
  })

  test('is listed, counted and searched', async () => {
    const all = await good('messages.list', { filter: any, before: null, limit: 100 })
    const range = await good('messages.range', {})
    expect(all[0]?.sequence).toBe(range?.newest)
    const found = await good('messages.list', { filter: { ...any, search: '0600' }, before: null, limit: 10 })
    expect(found.map(({ recipient }) => recipient)).toContain('6285500000600')
    const today = Object.values(await good('messages.today', {}))
    expect(today[0]?.sent).toBeGreaterThan(0)
    const days = await good('messages.countByDay', {
      from: Date.now() - 86_400_000,
      to: Date.now() + 1,
      deviceId: null,
    })
    expect(days.at(-1)?.sent).toBeGreaterThan(0)
  })

  test('waits while sending is paused, which everyone hears of', async () => {
    await good('messages.pause', {})
    expect((await good('program.status', {})).paused).toBe(true)
    await heard('program.changed', ({ paused }) => paused)
    await good('messages.resume', {})
    expect((await good('program.status', {})).paused).toBe(false)
  })

  test('is in an export that is read in parts', async () => {
    const begun = await good('messages.export', { filter: any, format: 'json' })
    const done = await heard('saving.changed', ({ id, state }) => id === begun?.id && state !== 'running')
    expect(done.state).toBe('done')
    const rows = JSON.parse(await savedText(done)) as { recipient: string }[]
    expect(rows.map(({ recipient }) => recipient)).toContain('6285500000600')
  })
})

async function savedText({ id }: Download): Promise<string> {
  const parts: Buffer[] = []
  for (let last = false; !last;) {
    const part = await good('savings.read', { id, offset: Buffer.concat(parts).length })
    parts.push(Buffer.from(part.base64, 'base64'))
    last = part.last
  }
  return Buffer.concat(parts).toString('utf8')
}

describe('numbers', () => {
  test('are read as the recipients field shows them', async () => {
    expect(await good('numbers.read', { text: '0812-3456-7890|abc|120363012345678901@g.us' })).toMatchObject([
      { written: '0812-3456-7890', number: '6281234567890', problem: null },
      { written: 'abc', number: null, problem: 'number_invalid' },
      { written: '120363012345678901@g.us', number: '120363012345678901@g.us', problem: null },
    ])
  })

  test('are looked up, and unknown where nobody can be asked', async () => {
    const [device] = await good('devices.list', {})
    const numbers = ['6285500000600', '6285500000150']
    expect(await good('numbers.lookUp', { deviceId: device?.id ?? '', numbers })).toEqual({
      '6285500000600': 'yes',
      '6285500000150': 'no',
    })
    expect(await good('numbers.lookUp', { deviceId: 'none', numbers })).toEqual({
      '6285500000600': 'unknown',
      '6285500000150': 'unknown',
    })
  })
})

describe('keys and the API', () => {
  test('a key is made, listed and revoked', async () => {
    const made = await good('keys.create', {
      name: 'POS',
      devices: { all: true },
      rights: ['send'],
      expiresAt: null,
    })
    expect(made.secret).toMatch(/^kurir_/)
    await heard('keys.changed', () => true)
    expect((await good('keys.list', {})).keys.map(({ name }) => name)).toContain('POS')
    const outcome = await call('keys.create', {
      name: 'POS',
      devices: { all: true },
      rights: ['send'],
      expiresAt: null,
    })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'key_name_taken' } })
    await good('keys.revoke', { id: made.key.id })
  })

  test('its state, log and examples are there', async () => {
    const status = await good('api.status', {})
    expect(status).toMatchObject({ state: 'running', failure: null })
    await fetch(`${status.addresses[0] ?? ''}/send-message?surprise=1`)
    expect(await good('api.accessLog', { limit: 5 })).toMatchObject([{ route: '/send-message' }])
    expect(Array.isArray(await good('api.unknownParameters', {}))).toBe(true)
    const snippets = await good('api.snippets', { route: '/send-message', parameters: { message: 'Halo' } })
    expect(snippets.map(({ language }) => language)).toContain('curl')
    expect(await good('api.retry', {})).toMatchObject({ state: 'running' })
  })
})

describe('who was refused', () => {
  test('is told once with a count, and let in at once by the setting that says so', async () => {
    const status = await good('api.status', {})
    const url = `${status.addresses[0] ?? ''}/health`
    const page = { origin: 'https://kasir.toko.example', 'sec-fetch-site': 'cross-site' }
    const asked = (headers: Record<string, string>) => rawRequest(status.port, requestWith(headers))
    for (let times = 0; times < 3; times += 1)
      expect((await asked({ host: 'localhost', ...page })).status).toBe(403)
    // A GET of a page that does not read the answer has no Origin: its Referer says who it is.
    const image = { 'sec-fetch-site': 'cross-site', referer: 'https://galeri.toko.example/a?token=secret' }
    await asked({ host: 'localhost', ...image })
    await asked({ host: `host.docker.internal:${status.port}` })
    await asked({ host: 'localhost', origin: 'javascript:alert(1)', 'sec-fetch-site': 'cross-site' })
    await asked({ host: '<b>' })
    const host = { kind: 'host', value: `host.docker.internal:${status.port}` } as const
    const origin = { kind: 'origin', value: 'https://kasir.toko.example' } as const
    expect(await good('api.refusedCallers', {})).toMatchObject([
      { ...host, count: 1 },
      { kind: 'origin', value: 'https://galeri.toko.example', count: 1 },
      { ...origin, count: 3 },
    ])
    await good('api.allowRefused', origin)
    await good('api.allowRefused', host)
    expect((await good('settings.all', {})).values).toMatchObject({
      'api.hostNames': ['host.docker.internal'],
      'api.allowedOrigins': ['https://kasir.toko.example'],
    })
    expect((await asked({ host: 'localhost', ...page })).status).toBe(200)
    expect((await asked({ host: `host.docker.internal:${status.port}` })).status).toBe(200)
    expect(await good('api.refusedCallers', {})).toMatchObject([{ value: 'https://galeri.toko.example' }])
    expect(await call('api.allowRefused', { kind: 'origin', value: 'https://evil.example' })).toMatchObject({
      ok: false,
      error: { code: 'call_invalid' },
    })
    expect((await fetch(url)).status).toBe(200)
  })

  test('is a list with an end, whatever a page makes up', async () => {
    const { port } = await good('api.status', {})
    for (let index = 0; index < 80; index += 1) {
      await rawRequest(port, requestWith({ host: `n${index}.evil.example` }))
    }
    const list = await good('api.refusedCallers', {})
    expect(list).toHaveLength(50)
    expect(list[0]).toMatchObject({ value: 'n79.evil.example', count: 1 })
  })
})

const requestWith = (headers: Record<string, string>): string =>
  ['GET /health HTTP/1.1', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join(
    '\r\n',
  ) + '\r\nConnection: close\r\n\r\n'

describe('settings and the program', () => {
  test('a setting is set, told and refused', async () => {
    await good('settings.set', { name: 'log.retentionDays', value: 30 })
    await heard('settings.changed', ({ name, value }) => name === 'log.retentionDays' && value === 30)
    expect((await good('settings.all', {})).values['log.retentionDays']).toBe(30)
    const outcome = await call('settings.set', { name: 'log.retentionDays', value: 'x' })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'setting_invalid' } })
    expect((await good('settings.all', {})).overridden).toEqual(['pace', 'api.port'])
  })

  test('says what it is', async () => {
    expect(await good('program.info', {})).toMatchObject({
      shell: 'headless',
      version: '0.0.0',
      sealedBy: 'file',
    })
    expect(await good('updates.status', {})).toMatchObject({ state: 'off' })
    expect(Array.isArray(await good('program.licences', {}))).toBe(true)
    // Without a desktop the window opens it by itself.
    expect(await good('program.openExternal', { page: 'api-docs' })).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/docs$/,
    )
    // The window offers its source only where that can be opened.
    const { source } = await good('program.info', {})
    expect((await call('program.openExternal', { page: 'source' })).ok).toBe(source)
    expect(await call('program.openDataFolder', {})).toMatchObject({
      ok: false,
      error: { code: 'call_invalid' },
    })
  })

  test('its diagnostics hold no number, name or text', async () => {
    const begun = await good('program.diagnostics', {})
    const done = await heard('saving.changed', ({ id, state }) => id === begun?.id && state !== 'running')
    const text = await savedText(done)
    expect(JSON.parse(text)).toMatchObject({ devices: [{ kind: 'sandbox' }] })
    expect(text).not.toMatch(/62855|Kasir|Halo|kurir_\w{10}/)
  })

  test('its backup is restored, and it starts again for that', async () => {
    const begun = await good('program.backup', {})
    const done = await heard('saving.changed', ({ id, state }) => id === begun?.id && state !== 'running')
    expect(done.state).toBe('done')
    const parts: Buffer[] = []
    for (let last = false; !last;) {
      const part = await good('savings.read', { id: done.id, offset: Buffer.concat(parts).length })
      parts.push(Buffer.from(part.base64, 'base64'))
      last = part.last
    }
    const restored = await upload(Buffer.concat(parts))
    expect(restored).toMatchObject({ ok: true, value: { devices: 1 } })
    await until(() => (restarts > 0 ? true : undefined))
  })

  test('a file that is no backup is refused', async () => {
    expect(await upload(readFileSync(import.meta.filename))).toMatchObject({
      ok: false,
      error: { code: 'backup_invalid' },
    })
  })

  async function upload(content: Buffer): Promise<Outcome<AnswerOf<'program.restore'>>> {
    const { uploadId } = await good('uploads.begin', { fileName: 'b', mimeType: '', bytes: content.length })
    for (let at = 0; at < content.length; at += 393_216) {
      await good('uploads.part', { uploadId, base64: content.subarray(at, at + 393_216).toString('base64') })
    }
    await good('uploads.finish', { uploadId })
    const prepared = await call('program.prepareRestore', { uploadId })
    if (!prepared.ok) return prepared
    const { restoreId } = prepared.value
    return call('program.restore', { restoreId, includeKeys: false, includeAccess: false })
  }
})

test('a device is logged out and removed', async () => {
  const [device] = await good('devices.list', {})
  const id = device?.id ?? ''
  await good('devices.logOut', { id })
  await good('devices.remove', { id })
  await heard('device.removed', (removed) => removed.id === id)
  expect(await good('devices.list', {})).toEqual([])
})
