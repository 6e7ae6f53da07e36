import type {
  ApiStatus,
  BackupToRestore,
  Call,
  Device,
  DeviceState,
  Message,
  MessageState,
  Outcome,
  ProgramStatus,
  DuplicateTextWarning,
  Download,
  SettingName,
  UpdateStatus,
  RefusedCaller,
} from '../../src-preload/contract.ts'

/** What the double of the program shows; all of it can be handed to a page as JSON. */
export interface Scenario {
  language: 'en' | 'id'
  theme: 'light' | 'dark'
  devices: Device[]
  /** Rows of the log; they are made up as they are asked for. */
  rows: number
  /** Rows that are as they are here, by sequence. */
  special: Record<number, Partial<Message>>
  firstRunDone: boolean
  sandbox: boolean
  desktop: boolean
  api: ApiStatus
  refused: RefusedCaller[]
  status: ProgramStatus
  updates: UpdateStatus
  overridden: SettingName[]
  wrongKeys: number
  warnings: DuplicateTextWarning[]
  keys: boolean
  /** Outcomes that some calls have, whatever was asked. */
  outcomes: Partial<Record<Call, Outcome<unknown>>>
  /** Calls that are never answered. */
  silent: Call[]
  download: Download | null
  /** What a backup that is restored would open. */
  backup: BackupToRestore
  now: number
}

const minute = 60_000
export const noon = new Date(2026, 10, 22, 12, 0).getTime()

export function device(id: string, state: DeviceState, more: Partial<Device> = {}): Device {
  return {
    id,
    kind: 'whatsapp',
    name: id,
    number: '6281234567890',
    paired: true,
    state,
    stateSince: noon - 95 * minute,
    lastConnectedAt: state.name === 'connected' ? noon : noon - 95 * minute,
    timeLock: null,
    newChatQuota: null,
    pairedAt: null,
    relinkAdvised: false,
    addedAt: noon - 40 * 24 * 60 * minute,
    ...more,
  }
}

export const connected: DeviceState = { name: 'connected', since: noon - 95 * minute }

/** An API that does not run, because another program has its port. */
export const portTaken: ApiStatus = {
  state: 'failed',
  addresses: [],
  port: 3210,
  lan: false,
  failure: { code: 'port_taken', reason: 'taken' },
  takenBy: 'node (pid 4711)',
  freePort: 3211,
}

/** A shop on an ordinary day; `changes` make it any other. */
export function scenario(changes: Partial<Scenario> = {}): Scenario {
  return {
    language: 'en',
    theme: 'light',
    devices: [
      device('Front desk', connected),
      device(
        'Warehouse',
        { name: 'waiting', attempt: 4, reason: 'unreachable', nextTryAt: noon + 24_000 },
        { number: '6285711223344' },
      ),
      device('Practice phone', connected, { kind: 'sandbox', number: '6285500000000' }),
    ],
    rows: 240,
    special: {},
    firstRunDone: true,
    sandbox: true,
    desktop: true,
    api: {
      state: 'running',
      addresses: ['http://127.0.0.1:3210', 'http://[::1]:3210'],
      port: 3210,
      lan: false,
      failure: null,
      takenBy: null,
      freePort: null,
    },
    refused: [
      { kind: 'origin', value: 'https://kasir.toko.example', count: 12, lastAt: noon - 60_000 },
      { kind: 'host', value: 'host.docker.internal', count: 3, lastAt: noon - 3_600_000 },
    ],
    status: { paused: false, outbox: 0, storage: 'ok' },
    updates: { state: 'off', version: null, percent: null, reason: null },
    overridden: [],
    wrongKeys: 3,
    warnings: [],
    keys: true,
    outcomes: {},
    silent: [],
    download: null,
    backup: { restoreId: 'restore', newKeys: [], access: [] },
    now: noon,
    ...changes,
  }
}

export const states: MessageState[] = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'expired',
]
