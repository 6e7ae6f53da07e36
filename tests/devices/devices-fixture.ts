import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { Devices } from '../../src-main/devices/devices.ts'
import { deviceMigrations } from '../../src-main/devices/store/devices-migrations.ts'
import type { Device } from '../../src-main/devices/device.ts'
import type { DevicesOptions } from '../../src-main/devices/devices.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import type { Sandbox, SandboxOptions } from '../../src-main/sandbox/sandbox.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import type { Database } from '../../src-main/storage/database/database.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import type { Cipher } from '../../src-main/storage/settings/cipher.ts'

export const silentLog = pino({ level: 'silent' })

/** What was sent by `sendText`, for recipients who ask for it again: the log's part in the whole program. */
const sent = new Map<string, Uint8Array>()

/** For a recipient's phone that asks for it again. */
export function rememberSent(messageId: string, message: Uint8Array): void {
  sent.set(messageId, message)
}

export interface Fixture {
  sandbox: Sandbox
  database: Database
  /** What session keys are sealed with. */
  cipher: Cipher
  devices: Devices
  /** Ends the devices and begins them again on the same database, as a restart does. */
  restart(options?: Partial<DevicesOptions>): Promise<Devices>
  /** More devices on the same database, as after a crash: the others go on, and nobody tells them. */
  another(): Devices
  stop(): Promise<void>
}

/** Real devices on a real practice WhatsApp, with a database in memory. */
export async function startFixture(
  options: Partial<DevicesOptions> = {},
  sandboxOptions: Partial<SandboxOptions> = {},
): Promise<Fixture> {
  const sandbox = await startSandbox({ file: null, log: silentLog, ...sandboxOptions })
  const database = openDatabase({ file: ':memory:', migrations: deviceMigrations, log: silentLog })
  const cipher = cipherWith(randomBytes(32))
  const make = (more: Partial<DevicesOptions> = {}): Devices =>
    new Devices({
      database,
      cipher,
      log: silentLog,
      sandbox: () => sandbox,
      whatsappUrl: null,
      extraCertificates: [],
      getMessage: (_deviceId, { id }) => sent.get(id),
      ...options,
      ...more,
    })
  const fixture: Fixture = {
    sandbox,
    database,
    cipher,
    devices: make(),
    async restart(more) {
      await fixture.devices.stop()
      fixture.devices = make(more)
      await fixture.devices.start()
      return fixture.devices
    },
    another: () => make(),
    async stop() {
      await fixture.devices.stop()
      await sandbox.stop()
      await database.close()
    },
  }
  await fixture.devices.start()
  return fixture
}

/** Waits for a device to come into a state that fits. */
export async function until(
  devices: Devices,
  id: string,
  fits: (device: Device) => boolean,
  withinMs = 30_000,
): Promise<Device> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    const device = devices.get(id)
    if (device !== undefined && fits(device)) return device
    if (Date.now() > giveUpAt) throw new Error(`still ${JSON.stringify(device?.state)} after ${withinMs} ms`)
    await pause(5)
  }
}

export const inState =
  (name: Device['state']['name']) =>
  (device: Device): boolean =>
    device.state.name === name

/** A sandbox device, paired by QR and connected. */
export async function pairedDevice(fixture: Fixture, number = '6285500000000'): Promise<Device> {
  const { devices } = fixture
  const { id } = await devices.add({ kind: 'sandbox', number, name: `Phone ${number}` })
  await devices.pair(id, 'qr')
  await scanWhenOffered(fixture, id, number)
  return until(devices, id, inState('connected'))
}

export async function scanWhenOffered(
  { devices, sandbox }: Pick<Fixture, 'devices' | 'sandbox'>,
  id: string,
  number: string,
): Promise<void> {
  const offered = await until(devices, id, ({ state }) => state.name === 'pairing' && state.qr !== null)
  if (offered.state.name !== 'pairing' || offered.state.qr === null) throw new Error('there is no QR')
  await sandbox.scan(offered.state.qr.text, number)
}

export async function sendText(
  devices: Devices,
  id: string,
  jid: string,
  text: string,
): Promise<{ messageId: string; outcome: Awaited<ReturnType<Devices['send']>> }> {
  const message = await devices.compose(id, { kind: 'text', text })
  const messageId = devices.newMessageId(id)
  sent.set(messageId, message)
  const outcome = await devices.send(id, { messageId, jid, message })
  return { messageId, outcome }
}
