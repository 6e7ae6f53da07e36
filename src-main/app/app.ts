import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startApi } from '../api/server/start-api.ts'
import { backupContent } from './backup-content.ts'
import { Devices } from '../devices/devices.ts'
import { StanzaTrace } from '../devices/trace/stanza-trace.ts'
import { Keys, mayUse } from '../keys/keys.ts'
import { LocalApi } from './local-api.ts'
import { openLog } from '../lib/logging/open-log.ts'
import type { Logger } from '../lib/logging/logger.ts'
import { Inspector } from '../media/inspection/inspector.ts'
import { Media } from '../media/media.ts'
import { Messages } from '../messages/messages.ts'
import { Egress } from '../egress/egress.ts'
import { migrations } from './migrations.ts'
import { PracticeWhatsApp } from './sandbox-service.ts'
import type { StartIsolatedProcess } from '../lib/processes/isolated-process.ts'
import { ProvenClock } from '../lib/proven-clock.ts'
import { openDatabase, type Database } from '../storage/database/database.ts'
import { openDataFolder, othersWithAccess } from '../storage/data-folder/data-folder.ts'
import { DiskSpace, type ReadSpace } from '../storage/data-folder/disk-space.ts'
import { checkDataKey } from '../storage/data-folder/data-key-check.ts'
import { databaseName } from '../storage/backup/finish-restore.ts'
import { Restores } from '../storage/backup/restores.ts'
import { Settings, type SettingsStore } from '../storage/settings/settings.ts'
import { cipherWith } from '../storage/settings/cipher.ts'

/** So long the API has the thread to itself when the program starts: milliseconds. */
const firstAnswers = 30

/** A key that was not used for so long, in milliseconds, claims no share of a device. */
const keyInUseMs = 7 * 24 * 3_600_000

export interface ApplicationOptions {
  dataFolder: string
  shell: 'desktop' | 'headless'
  /** The 32 bytes that seal session keys; asked for once the folder is this program's alone. */
  dataKey: (folder: string) => Promise<Buffer>
  settingsStore: (folder: string) => SettingsStore
  /** Values for this run only, as text. */
  settingOverrides: Record<string, string>
  /** Whether to have a practice WhatsApp with one device paired from the start. */
  sandbox: boolean
  whatsappUrl: string | null
  /** PEM, trusted for custom devices only. */
  extraCertificates: string[]
  version: string
  /** What the desktop's own settings say of proxies for an address, in a PAC script's words; else the environment says it. */
  systemProxy?: (url: string) => Promise<string>
  /** How processes that read strangers' files are started, where that is not a fork of Node. */
  startProcess?: StartIsolatedProcess
  /** A new file that every stanza is written to, masked. */
  traceStanzas?: string | null
  /** How the space of the data folder's disk is asked for, where that is not the system's own call. */
  readSpace?: ReadSpace
  /** Opens the folder and nothing else: no device connects, nothing is sent, no port is opened. */
  idle?: boolean
}

/** The whole program but for its shell: what the desktop, headless and the tests drive. */
export interface Application {
  readonly dataFolder: string
  readonly version: string
  readonly log: Logger
  readonly settings: Settings
  readonly database: Database
  readonly devices: Devices
  readonly messages: Messages
  readonly keys: Keys
  readonly media: Media
  readonly disk: DiskSpace
  readonly practice: PracticeWhatsApp
  readonly restores: Restores
  /** What a device that is paired with a real phone's QR is: `custom` in runs with another WhatsApp Web endpoint. */
  readonly newDeviceKind: 'whatsapp' | 'custom'
  /** May be stopped, its port taken, while the rest runs. */
  readonly api: LocalApi
  /** Ports that the shell has opened for its window: no url of a caller may lead there, whatever is trusted. */
  readonly windowPorts: Set<number>
  /** Finishes what is in flight, closes sockets and database, lets the folder go. Again: the same promise. */
  stop(): Promise<void>
}

/**
 * Builds the application from its parts and starts them in order; stopping takes the same list backwards, and
 * so does a start that fails half-way.
 * @throws Failure data_folder_…, data_key_unavailable, database_newer, setting_…
 */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  await using parts = new AsyncDisposableStack()

  const folder = await openDataFolder(options.dataFolder, options.shell)
  parts.defer(() => folder.release())

  const settings = new Settings(options.settingsStore(folder.path))
  for (const [name, text] of Object.entries(options.settingOverrides)) settings.override(name, text)

  const kept = openLog(folder.path, settings.get('diagnostics.logLevel'))
  parts.defer(() => kept.close())
  const { log } = kept
  log.info({ version: options.version, shell: options.shell }, 'starting')
  const others = othersWithAccess(folder.path)
  if (others !== null) log.warn({ others }, 'the data folder is open to other users: chmod 700')
  if (folder.replaced !== null)
    log.warn({ kept: folder.replaced }, 'a backup was restored; the previous data is kept')
  if (settings.quarantine !== null)
    log.warn({ kept: settings.quarantine }, 'the settings were unreadable and were reset to their defaults')

  const cipher = cipherWith(await options.dataKey(folder.path))
  checkDataKey(folder.path, cipher, options.shell)
  settings.sealSecretsWith(cipher)

  const database = openDatabase({ file: join(folder.path, databaseName), migrations, log })
  parts.defer(() => database.close())

  const keys = new Keys({ database, cipher, log, expiryNow: () => clock.cautiousNow() })
  parts.defer(() => keys.stop())

  const practice = new PracticeWhatsApp({ file: join(folder.path, 'sandbox.sqlite'), log })
  parts.defer(() => practice.stop())

  const trace =
    options.traceStanzas == null
      ? null
      : new StanzaTrace(options.traceStanzas, { version: options.version, log })
  parts.defer(() => trace?.close())

  const egress = new Egress({ settings, log, systemProxy: options.systemProxy ?? null })
  const devices = new Devices({
    egress,
    maxDevices: () => settings.get('devices.maxCount'),
    database,
    cipher,
    log,
    sandbox: () => practice.sandbox,
    whatsappUrl: options.whatsappUrl,
    extraCertificates: options.extraCertificates,
    getMessage: (deviceId, key) => messages.encodedMessage(deviceId, key.id),
    trace,
  })
  const restores = new Restores({
    folder: folder.path,
    migrations,
    content: backupContent,
    credentials: () => database.statement('SELECT * FROM api_keys').all(),
    settings: () => ({ values: settings.kept(), secrets: settings.sealedSecrets() }),
    startProcess: options.startProcess,
  })
  parts.defer(() => restores.stop())
  const windowPorts = new Set<number>()
  const newDeviceKind = options.whatsappUrl === null ? 'whatsapp' : 'custom'
  const inspector = new Inspector(options.startProcess)
  parts.defer(() => inspector.stop())
  const disk = new DiskSpace(folder.path, options.readSpace)
  parts.defer(() => disk.stop())
  const media = new Media({ folder: folder.path, disk, settings, inspector, log, ownPorts, egress })
  const messages = new Messages({
    database,
    devices,
    media,
    settings,
    log,
    disk,
    isShared,
    retentionNow: () => clock.cautiousNow(),
  })
  const newest = messages.list({ limit: 1 })[0]?.changedAt ?? null
  const clock = new ProvenClock(folder.path, newest)
  parts.defer(() => clock.stop())
  parts.defer(
    settings.onChange.add((name) => {
      if (name === 'network.proxy') devices.reconnectAll('proxy')
    }),
  )
  // The practice WhatsApp has no other clock than this PC's.
  devices.onReceipt.add(({ deviceId, at }) => {
    if (devices.get(deviceId)?.kind === 'whatsapp') clock.confirm(at)
  })
  const api = new LocalApi({
    open: () =>
      startApi({
        messages,
        devices,
        keys,
        media,
        settings,
        log,
        version: options.version,
        newDeviceKind,
      }),
    settings,
  })

  if (options.idle !== true) await start()

  const running = parts.move()
  let stopping: Promise<void> | null = null
  return {
    dataFolder: folder.path,
    version: options.version,
    log,
    settings,
    database,
    devices,
    messages,
    keys,
    media,
    disk,
    practice,
    restores,
    newDeviceKind,
    api,
    windowPorts,
    stop: () => (stopping ??= running.disposeAsync()),
  }

  async function start(): Promise<void> {
    if (options.sandbox || devices.list().some((device) => device.kind === 'sandbox')) await practice.start()
    await messages.moveUploads(media.temporaryFolder)
    await media.start({ keep: messages.keptUploads() })
    parts.defer(() => media.stop())
    parts.defer(() => devices.stop())
    await messages.start()
    // Together: callers wait for the very messages that are in flight, and each may take its five seconds.
    parts.defer(async () => {
      await Promise.all([api.stop(), messages.stop()])
    })
    await api.start()
    // Behind the API, whose first callers need not wait for Baileys: loading it takes the thread for a tenth of a
    // second. Calls that need a device wait for it anyway.
    if (devices.list().length > 0) await pause(firstAnswers)
    await devices.start()
    if (options.sandbox) await practice.pairFirstDevice(devices)
  }

  /** Whether an API key other than that one may send with the device, and is in use. */
  function isShared(deviceId: string, keyId: string | null): boolean {
    const device = devices.get(deviceId)
    const now = Date.now()
    return (
      device !== undefined &&
      keys.list().some((key) => {
        const isValid = key.expiresAt === null || key.expiresAt > now
        const isUsed = key.lastUsedAt !== null && key.lastUsedAt > now - keyInUseMs
        return key.id !== keyId && isValid && isUsed && mayUse(key, device, 'send')
      })
    )
  }

  /** Ports that no url of a caller may lead to. */
  function ownPorts(): number[] {
    const ofApi = api.status.state === 'running' ? [api.status.port] : []
    return [...ofApi, ...practice.ports, ...windowPorts]
  }
}
