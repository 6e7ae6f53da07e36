import type {
  ApiKey,
  Bridge,
  Call,
  Device,
  EventName,
  InboxMessage,
  Message,
  MessageFilter,
  MessageState,
  Outcome,
  RequestOf,
} from '../../src-preload/contract.ts'
import type { Scenario } from './scenario.ts'

declare global {
  interface Window {
    /** What the tests reach the double by. */
    kurirDouble?: {
      emit: (event: EventName, payload: unknown) => void
      asked: { call: Call; request: unknown }[]
    }
  }
}

/**
 * The program's side of the contract, scripted, in the page itself: it shows states that the real program
 * gets into only with trouble (every end of a connection, a million rows). It runs in the page, so it uses
 * nothing from outside itself.
 */
export function installDouble(scene: Scenario): void {
  const listeners = new Map<EventName, Set<(payload: never) => void>>()
  const asked: { call: Call; request: unknown }[] = []
  const settings: Record<string, unknown> = {
    'numbers.countryCode': '62',
    pace: null,
    'pace.perHour': 600,
    'pace.perDay': 5_000,
    'pace.newContactsPerDay': 60,
    'pace.warmUp': true,
    'api.port': 3_210,
    'api.lan': false,
    'api.lanAddresses': [],
    'api.allowedOrigins': [],
    'api.hostNames': [],
    'api.requestsPerMinute': null,
    'api.maxConnections': 256,
    'api.maxQueued': 10_000,
    'devices.maxCount': 50,
    'network.proxy': 'system',
    'media.trustedHosts': [],
    'media.maxImageMiB': 16,
    'media.maxAudioMiB': 16,
    'media.maxVideoMiB': 64,
    'media.maxDocumentMiB': 100,
    'log.retentionDays': 90,
    'log.keepTexts': 'yes',
    'window.language': scene.language,
    'window.theme': scene.theme,
    'window.firstRunDone': scene.firstRunDone,
    'desktop.startAtLogin': true,
    'desktop.keepAwake': true,
    'desktop.notifications': true,
    'updates.automatic': false,
    'diagnostics.logLevel': 'info',
  }
  let devices = scene.devices
  let keys: ApiKey[] = scene.keys ? someKeys() : []
  let status = scene.status
  let { sandbox } = scene

  const answers: { [Name in Call]?: (request: RequestOf<Name>) => unknown } = {
    'devices.list': () => devices,
    'devices.add': ({ kind, number, name }) => {
      const added: Device = {
        id: name,
        kind,
        name,
        number,
        paired: false,
        state: { name: 'unpaired', reason: null },
        stateSince: scene.now,
        lastConnectedAt: null,
        relinkAdvised: false,
        timeLock: null,
        newChatQuota: null,
        pairedAt: null,
        addedAt: scene.now,
      }
      devices = [...devices, added]
      emit('device.changed', added)
      return added
    },
    'devices.history': () => history(),
    'messages.list': ({ filter, before, limit }) => list(filter, before, limit),
    'messages.range': () => (scene.rows === 0 ? null : { oldest: 1, newest: scene.rows }),
    'messages.story': ({ id }) => story(Number(id.slice(1))),
    'messages.countByDay': () => days(),
    'messages.today': () => today(),
    'messages.warnings': () => scene.warnings,
    'messages.submit': (request) => submit(request),
    'messages.export': () => scene.download,
    'numbers.read': ({ text }) =>
      text.split(/[,|\n]/).flatMap((part): unknown[] => {
        const digits = part.replaceAll(/\D/g, '')
        if (part.trim() === '') return []
        if (digits.length < 7) {
          const written = part.trim()
          return [{ written, number: null, problem: 'number_too_short', fault: { kind: 'too_short' } }]
        }
        return [{ written: part.trim(), number: digits.replace(/^0/, '62'), problem: null, fault: null }]
      }),
    'numbers.lookUp': ({ numbers }) =>
      Object.fromEntries(numbers.map((number) => [number, number.endsWith('1') ? 'no' : 'yes'])),
    'keys.list': () => ({
      keys,
      wrong: {
        count: scene.wrongKeys,
        lastAt: scene.wrongKeys === 0 ? null : scene.now - 600_000,
        lastFrom: scene.wrongKeys === 0 ? null : '127.0.0.1',
      },
    }),
    'keys.create': ({ name, devices: scope, rights, expiresAt }) => {
      const key = {
        id: name,
        name,
        lastFour: 'x9Qk',
        devices: scope,
        rights,
        expiresAt,
        createdAt: scene.now,
        lastUsedAt: null,
        lastUsedFrom: null,
      }
      keys = [...keys, key]
      emit('keys.changed', null)
      return { key, secret: 'kurir_Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5' }
    },
    'api.status': () => scene.api,
    'api.retry': () => scene.api,
    'api.accessLog': () => accessLog(),
    'api.unknownParameters': () => [
      { name: 'device_id', route: '/send-message', count: 412, lastAt: scene.now - 60_000 },
      { name: 'priority', route: '/send-media', count: 7, lastAt: scene.now - 86_400_000 },
    ],
    'api.refusedCallers': () => scene.refused,
    'api.allowRefused': ({ kind, value }) => {
      scene.refused = scene.refused.filter((one) => one.kind !== kind || one.value !== value)
      return null
    },
    'api.snippets': ({ route, parameters }) =>
      ['curl', 'php', 'javascript', 'python', 'csharp', 'vbnet'].map((language) => ({
        language,
        code: `${language} ${scene.api.addresses[0]}${route}\n${Object.entries(parameters)
          .map(([name, value]) => `  ${name} = ${value}`)
          .join('\n')}`,
      })),
    'sandbox.addDevice': ({ name }) => {
      sandbox = true
      const added: Device = {
        id: name,
        kind: 'sandbox',
        name,
        number: '6285500000000',
        paired: true,
        state: { name: 'connected', since: scene.now },
        stateSince: scene.now,
        lastConnectedAt: scene.now,
        relinkAdvised: false,
        timeLock: null,
        newChatQuota: null,
        pairedAt: null,
        addedAt: scene.now,
      }
      devices = [...devices, added]
      emit('device.changed', added)
      return added
    },
    'sandbox.inbox': () => inbox(),
    'sandbox.file': ({ id }) => ({ base64: id === 'voice' ? silence() : picture(), last: true }),
    'settings.all': () => ({ values: { ...settings }, overridden: scene.overridden }),
    'settings.set': ({ name, value }) => {
      settings[name] = value
      emit('settings.changed', { name, value })
      return null
    },
    'messages.pause': () => pause(true),
    'messages.resume': () => pause(false),
    'program.backup': () => scene.download,
    'program.diagnostics': () => scene.download,
    'program.prepareRestore': () => scene.backup,
    'program.restore': () => ({ messages: 1_204, keys: 2, devices: 2 }),
    'program.status': () => status,
    'program.notices': () => [],
    'program.info': () => info(),
    'program.licences': () => [
      { name: 'react', version: '19.3.1', licence: 'MIT', text: 'Permission is hereby granted …' },
      { name: 'undici', version: '8.12.4', licence: 'MIT', text: 'Permission is hereby granted …' },
    ],
    'updates.status': () => scene.updates,
    'updates.check': () => scene.updates,
    'uploads.begin': () => ({ uploadId: 'upload' }),
    'savings.read': () => ({ base64: btoa('id;state\n1;read\n'), last: true }),
  }

  const bridge: Bridge = {
    call: async (name, request) => {
      asked.push({ call: name, request })
      if (scene.silent.includes(name)) return new Promise(() => undefined)
      const fixed = scene.outcomes[name]
      if (fixed !== undefined) return fixed as Outcome<never>
      const answer = answers[name] as ((request: unknown) => unknown) | undefined
      return { ok: true, value: (answer?.(request) ?? null) as never }
    },
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set)
      set.add(listener)
      return () => set.delete(listener)
    },
  }
  Object.assign(window, { kurir: bridge, kurirDouble: { emit, asked } })

  function emit(event: EventName, payload: unknown): void {
    if (event === 'device.changed') {
      const changed = payload as (typeof devices)[number]
      const known = devices.some(({ id }) => id === changed.id)
      devices = known ? devices.map((one) => (one.id === changed.id ? changed : one)) : [...devices, changed]
    }
    for (const listener of listeners.get(event) ?? []) listener(payload as never)
  }

  function pause(paused: boolean): null {
    status = { ...status, paused }
    emit('program.changed', status)
    return null
  }

  function row(sequence: number): Message {
    const kinds = ['text', 'text', 'image', 'text', 'document', 'text', 'voice'] as const
    const usual: MessageState[] = ['read', 'delivered', 'read', 'sent', 'read', 'failed', 'read', 'delivered']
    const state = sequence > scene.rows - 2 ? 'sending' : (usual[(sequence * 7) % usual.length] ?? 'sent')
    const kind = kinds[sequence % kinds.length] ?? 'text'
    const texts = [
      'Pesanan 1042 siap diambil. Terima kasih!',
      'Kode masuk Anda 481 920',
      'Struk belanja hari ini: total *Rp 148.000*',
      'Paket Anda dikirim hari ini lewat kurir',
      'Tagihan November sudah terbit',
    ]
    return {
      id: `m${sequence}`,
      sequence,
      requestId: `r${sequence}`,
      deviceId: devices[sequence % Math.max(1, devices.length)]?.id ?? 'gone',
      recipient: `62812${String(34_000_000 + ((sequence * 7_919) % 1_000_000)).padStart(8, '0')}`,
      kind,
      text: kind === 'voice' ? null : (texts[sequence % texts.length] ?? ''),
      fileName: kind === 'document' ? 'struk-1042.pdf' : null,
      state,
      failure: state === 'failed' ? { code: 'not_on_whatsapp', reason: 'not on WhatsApp' } : null,
      progress: null,
      via: sequence % 9 === 0 ? 'window' : 'api',
      keyName: sequence % 9 === 0 ? null : sequence % 2 === 0 ? 'Cashier' : 'Stock program',
      createdAt: scene.now - (scene.rows - sequence) * 97_000,
      changedAt: scene.now - (scene.rows - sequence) * 97_000 + 900,
      ...scene.special[sequence],
    }
  }

  function list(filter: MessageFilter, before: number | null, limit: number): Message[] {
    const found: Message[] = []
    for (let sequence = Math.min(scene.rows, (before ?? Infinity) - 1); sequence > 0; sequence -= 1) {
      const message = row(sequence)
      if (matches(message, filter)) found.push(message)
      if (found.length === limit) break
    }
    return found
  }

  function matches(message: Message, filter: MessageFilter): boolean {
    if (filter.deviceId !== null && message.deviceId !== filter.deviceId) return false
    if (filter.states !== null && !filter.states.includes(message.state)) return false
    if (filter.keyName !== null && message.keyName !== filter.keyName) return false
    if (filter.from !== null && message.createdAt < filter.from) return false
    if (filter.to !== null && message.createdAt >= filter.to) return false
    if (filter.search === null) return true
    return `${message.text} ${message.recipient}`.toLowerCase().includes(filter.search.toLowerCase())
  }

  function story(sequence: number) {
    const message = row(sequence)
    const at = message.createdAt
    const ways: Record<string, MessageState[]> = {
      failed: ['queued', 'failed'],
      expired: ['queued', 'sending', 'expired'],
      queued: ['queued'],
      sending: ['queued', 'sending'],
      sent: ['queued', 'sending', 'sent'],
      delivered: ['queued', 'sending', 'sent', 'delivered'],
      read: ['queued', 'sending', 'sent', 'delivered', 'read'],
      played: ['queued', 'sending', 'sent', 'delivered', 'read', 'played'],
    }
    return {
      message,
      otherNumber: null,
      changes: (ways[message.state] ?? []).map((state, index) => ({
        state,
        at: at + index * 700,
        note: null,
      })),
      call:
        message.via === 'api'
          ? {
              at,
              parameters: {
                api_key: '…',
                sender: '6281234567890',
                number: '08123…',
                message: '42 characters',
              },
            }
          : null,
      canResend: message.text !== null,
    }
  }

  function submit(request: RequestOf<'messages.submit'>) {
    const recipients = request.recipients.split(/[,|\n]/).map((part) => part.trim())
    const results = recipients.map((recipient, index) => {
      const message: Message = {
        ...row(scene.rows),
        id: `new${index}`,
        sequence: scene.rows + 1 + index,
        requestId: 'new',
        deviceId: request.deviceId,
        recipient: recipient.replaceAll(/\D/g, '').replace(/^0/, '62'),
        text: request.content.kind === 'text' ? request.content.text : request.content.caption,
        state: 'queued',
        failure: null,
        via: 'window',
        keyName: null,
        createdAt: scene.now,
      }
      setTimeout(() => emit('message.changed', { ...message, state: 'sent' }), 80)
      setTimeout(() => emit('message.changed', { ...message, state: 'read' }), 200)
      return { recipient, message, failure: null }
    })
    return { requestId: 'new', results }
  }

  function today() {
    return Object.fromEntries(
      devices.map(({ id }, index) => [
        id,
        { sent: Math.max(0, 182 - index * 61), failed: index % 3, waiting: 0 },
      ]),
    )
  }

  function days() {
    return Array.from({ length: 30 }, (_, index) => {
      const day = new Date(scene.now)
      day.setDate(day.getDate() - 29 + index)
      const two = (value: number) => String(value).padStart(2, '0')
      return {
        day: `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`,
        sent: day.getDay() === 0 ? 24 : 140 + ((index * 53) % 90),
        failed: (index * 5) % 9,
        waiting: 0,
      }
    })
  }

  function history() {
    return [
      { at: scene.now - 5_700_000, state: 'connected', reason: null, lastedMs: 8_000 },
      { at: scene.now - 5_708_000, state: 'waiting', reason: 'silence', lastedMs: 93_600_000 },
      { at: scene.now - 99_308_000, state: 'connected', reason: null, lastedMs: 3_000 },
      { at: scene.now - 99_311_000, state: 'connecting', reason: 'restart_required', lastedMs: null },
    ]
  }

  function someKeys(): ApiKey[] {
    const day = 86_400_000
    return [
      {
        id: 'k1',
        name: 'Cashier',
        lastFour: 'mX4a',
        devices: { all: true },
        rights: ['send', 'read'],
        expiresAt: null,
        createdAt: scene.now - 30 * day,
        lastUsedAt: scene.now - 40_000,
        lastUsedFrom: '127.0.0.1',
      },
      {
        id: 'k2',
        name: 'Stock program',
        lastFour: 'p0Qz',
        devices: { ids: devices.slice(0, 1).map(({ id }) => id) },
        rights: ['send'],
        expiresAt: scene.now + 60 * day,
        createdAt: scene.now - 8 * day,
        lastUsedAt: null,
        lastUsedFrom: null,
      },
    ]
  }

  function accessLog() {
    return Array.from({ length: 8 }, (_, index) => ({
      at: scene.now - index * 41_000,
      method: index % 3 === 0 ? 'GET' : 'POST',
      route: index % 4 === 3 ? '/send-media' : '/send-message',
      keyName: index === 5 ? null : index % 2 === 0 ? 'Cashier' : 'Stock program',
      status: index === 5 || index === 2 ? 400 : 200,
      result: index === 5 ? 'key_unknown' : index === 2 ? 'not_on_whatsapp' : 'sent',
      ms: 12 + index * 31,
    }))
  }

  function inbox(): InboxMessage[] {
    const base = { from: '6285500000000', fileName: null, mimeType: null, sha256: null, bytes: null }
    const to = '6285500000500'
    return [
      {
        ...base,
        id: 'text2',
        to,
        kind: 'text',
        text: 'Terima kasih, *Bu Sari*!\n> _Toko Makmur_',
        at: scene.now - 60_000,
      },
      {
        ...base,
        id: 'voice',
        to,
        kind: 'voice',
        text: null,
        mimeType: 'audio/wav',
        bytes: 844,
        at: scene.now - 120_000,
      },
      {
        ...base,
        id: 'document',
        to,
        kind: 'document',
        text: null,
        fileName: 'struk-1042.pdf',
        mimeType: 'application/pdf',
        bytes: 48_213,
        at: scene.now - 180_000,
      },
      {
        ...base,
        id: 'picture',
        to,
        kind: 'image',
        text: 'Pesanan Anda',
        mimeType: 'image/svg+xml',
        bytes: 4_213,
        at: scene.now - 240_000,
      },
      {
        ...base,
        id: 'text1',
        to,
        kind: 'text',
        text: 'Halo *Bu Sari*, pesanan 1042 siap:\n- kopi\n- roti',
        at: scene.now - 300_000,
      },
      {
        ...base,
        id: 'other',
        to: '6281299887766',
        kind: 'text',
        text: 'Kode masuk Anda 481 920',
        at: scene.now - 7_200_000,
      },
    ]
  }

  function picture(): string {
    return btoa(
      '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="320"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#2f9d9b"/><stop offset="1" stop-color="#074a4d"/></linearGradient></defs><rect width="480" height="320" fill="url(#g)"/><circle cx="240" cy="150" r="70" fill="#e8f6f5"/><rect x="120" y="245" width="240" height="22" rx="11" fill="#a8d8d6"/></svg>',
    )
  }

  /** A tenth of a second of nothing: 8 kHz, 8 bits, mono. */
  function silence(): string {
    const samples = 800
    const header = new DataView(new ArrayBuffer(44))
    const text = (at: number, letters: string) =>
      Array.from(letters).forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)))
    text(0, 'RIFF')
    header.setUint32(4, 36 + samples, true)
    text(8, 'WAVEfmt ')
    header.setUint32(16, 16, true)
    header.setUint16(20, 1, true)
    header.setUint16(22, 1, true)
    header.setUint32(24, 8_000, true)
    header.setUint32(28, 8_000, true)
    header.setUint16(32, 1, true)
    header.setUint16(34, 8, true)
    text(36, 'data')
    header.setUint32(40, samples, true)
    return btoa(String.fromCharCode(...new Uint8Array(header.buffer)) + '\u0080'.repeat(samples))
  }

  function info() {
    return {
      version: '0.1.0',
      shell: scene.desktop ? 'desktop' : 'headless',
      platform: 'linux',
      versions: [
        { name: 'Electron', version: '45.4.1' },
        { name: 'Chromium', version: '156.0' },
        { name: 'Node', version: '24.21.0' },
        { name: 'Baileys', version: '7.0.0-rc14' },
      ],
      dataFolder: '/home/sari/.config/Kurir',
      systemLanguage: 'en-GB',
      sealedBy: scene.desktop ? 'keyring' : 'file',
      loginItemProblem: null,
      sandbox,
      customWhatsApp: false,
      source: false,
      can: {
        startAtLogin: scene.desktop,
        keepAwake: scene.desktop,
        notify: scene.desktop,
        openDataFolder: scene.desktop,
        update: scene.updates.state !== 'off',
      },
    }
  }
}
