/**
 * A process of its own that links a device to the practice WhatsApp of another process, whose phone has a long history,
 * and tells how much memory it took at most while that was read, beyond what linking without history takes.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Devices } from '../../../src-main/devices/devices.ts'
import { deviceMigrations } from '../../../src-main/devices/store/devices-migrations.ts'
import { openDatabase } from '../../../src-main/storage/database/database.ts'
import { cipherWith } from '../../../src-main/storage/settings/cipher.ts'
import { inState, silentLog, until } from '../devices-fixture.ts'

const { url, certificate, control, numbers } = JSON.parse(process.argv[2] ?? '') as {
  url: string
  certificate: string
  control: string
  /** The first has a short history, the second a long one. */
  numbers: [string, string]
}
const database = openDatabase({ file: ':memory:', migrations: deviceMigrations, log: silentLog })
const read: { kind: number }[] = []
const log = {
  ...silentLog,
  level: 'silent',
  debug: () => {},
  warn: () => {},
  error: () => {},
  info: (about: { kind?: number }, sentence?: string) => {
    if (sentence === 'history part read') read.push({ kind: about.kind ?? -1 })
  },
}
const devices = new Devices({
  database,
  cipher: cipherWith(randomBytes(32)),
  log: log as never,
  sandbox: () => ({ url, certificate }),
  whatsappUrl: null,
  extraCertificates: [],
  getMessage: () => undefined,
})
await devices.start()
await link(numbers[0], 4)
// What is loaded once is not what one history costs.
await pause(500)
const before = process.memoryUsage().rss
let most = before
const watch = setInterval(() => void (most = Math.max(most, process.memoryUsage().rss)), 2)
await link(numbers[1], 8)
clearInterval(watch)
console.log(JSON.stringify({ grownBytes: most - before, parts: read.length }))
process.exit(0)

async function link(number: string, parts: number): Promise<void> {
  const { id } = await devices.add({ kind: 'sandbox', number, name: 'Phone' })
  await devices.pair(id, 'qr')
  const { state } = await until(devices, id, ({ state }) => state.name === 'pairing' && state.qr !== null)
  const qr = state.name === 'pairing' ? state.qr?.text : null
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ qr, number })
  const scanned = await fetch(`${control}/scan`, { method: 'POST', headers, body })
  if (!scanned.ok) throw new Error(await scanned.text())
  await until(devices, id, inState('connected'))
  while (read.length < parts) await pause(5)
}
