/**
 * A process of its own that uploads a small and a large file to the practice WhatsApp of another process, and tells how
 * many bytes of buffers there were at most during the second, beyond those before it.
 */
import { randomBytes } from 'node:crypto'
import { Devices } from '../../src-main/devices/devices.ts'
import { deviceMigrations } from '../../src-main/devices/store/devices-migrations.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import { cipherWith } from '../../src-main/storage/settings/cipher.ts'
import { inState, silentLog, until } from './devices-fixture.ts'

const { url, certificate, control, files } = JSON.parse(process.argv[2] ?? '') as {
  url: string
  certificate: string
  control: string
  files: { path: string; bytes: number }[]
}
const number = '6285500000000'
const database = openDatabase({ file: ':memory:', migrations: deviceMigrations, log: silentLog })
const devices = new Devices({
  database,
  cipher: cipherWith(randomBytes(32)),
  log: silentLog,
  sandbox: () => ({ url, certificate }),
  whatsappUrl: null,
  extraCertificates: [],
  getMessage: () => undefined,
})
await devices.start()
const { id } = await devices.add({ kind: 'sandbox', number, name: 'Phone' })
await devices.pair(id, 'qr')
await scan()
await until(devices, id, inState('connected'))

const [small, large] = files
if (small === undefined || large === undefined) throw new Error('no files')
// What is loaded once is not what one file costs.
await upload(small)
const before = process.memoryUsage().arrayBuffers
let most = before
const look = (): void => void (most = Math.max(most, process.memoryUsage().arrayBuffers))
const watch = setInterval(look, 1)
await upload(large)
clearInterval(watch)
console.log(JSON.stringify({ grown: most - before }))
process.exit(0)

async function scan(): Promise<void> {
  const { state } = await until(devices, id, ({ state }) => state.name === 'pairing' && state.qr !== null)
  const qr = state.name === 'pairing' ? state.qr?.text : null
  const headers = { 'content-type': 'application/json' }
  const scanned = await fetch(`${control}/scan`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ qr, number }),
  })
  if (!scanned.ok) throw new Error(await scanned.text())
}

async function upload({ path, bytes }: { path: string; bytes: number }): Promise<void> {
  // Nobody receives it: the hash of its content is not looked at.
  const sha256 = '00'.repeat(32)
  const unknown = { width: null, height: null, seconds: null, waveform: null, thumbnail: null, notes: [] }
  const about = { kind: 'document', mimeType: 'text/plain', fileName: 'a.txt', ...unknown } as const
  const file = { path, bytes, sha256, ...about }
  await devices.compose(id, { kind: 'media', file, caption: null, viewOnce: false })
}
