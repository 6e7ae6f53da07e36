// A process of its own for captured-output.test.ts: libsignal is made to print all that it can.
import { writeFileSync } from 'node:fs'
import { pino } from 'pino'
import { silenceConsole } from '../../src-main/devices/baileys/process/silence-console.ts'
import { deviceMigrations } from '../../src-main/devices/store/devices-migrations.ts'
import { Devices } from '../../src-main/devices/devices.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import { openDatabase } from '../../src-main/storage/database/database.ts'
import { inState, scanWhenOffered, sendText, until } from './devices-fixture.ts'

const [mode, logFile = '', secretsFile = ''] = process.argv.slice(2)
const log = pino({ level: 'trace' }, pino.destination({ dest: logFile, sync: true }))

const sandbox = await startSandbox({ file: null, log })
const database = openDatabase({ file: ':memory:', migrations: deviceMigrations, log })
// Seals nothing, so that every key that is kept can be gathered below.
const cipher = { encrypt: (plain: Uint8Array) => plain, decrypt: (sealed: Uint8Array) => sealed }
const devices = new Devices({
  database,
  cipher,
  log,
  sandbox: () => sandbox,
  whatsappUrl: null,
  extraCertificates: [],
  getMessage: () => undefined,
})
if (mode === 'bare') silenceConsole(log)()
await devices.start()

const number = '6281234567890'
const own = '6285500000000'
const jid = `${number}@s.whatsapp.net`
const secrets = new Set<string>()

const { id } = await devices.add({ kind: 'sandbox', number: own, name: 'Kasir' })
await devices.pair(id, 'qr')
await scanWhenOffered({ devices, sandbox }, id, own)
await until(devices, id, inState('connected'))
await sendText(devices, id, jid, 'one')
gather()
// A new identity closes the session that there is; a message by the other side opens another.
await sandbox.changeIdentity(number)
await sendText(devices, id, jid, 'two')
gather()
await sandbox.write(number, own, 'answer')
await sandbox.changeIdentity(number, { quietly: true })
await sandbox.write(number, own, 'answer under a new identity')
await sendText(devices, id, jid, 'three')
await new Promise((resolve) => setTimeout(resolve, 500))
gather()
writeFileSync(secretsFile, JSON.stringify([...secrets]))
await devices.stop()
await sandbox.stop()
await database.close()
process.exit(0)

/** Every run of base64 that is kept and as long as a key, as base64 and as hex. */
function gather(): void {
  for (const table of ['session_keys', 'session_credentials']) {
    for (const { sealed } of database
      .statement<{ sealed: Uint8Array }>(`SELECT sealed FROM ${table}`)
      .all()) {
      for (const [base64] of Buffer.from(sealed)
        .toString()
        .matchAll(/[A-Za-z0-9+/]{42,}={0,2}/g)) {
        const bytes = Buffer.from(base64, 'base64')
        if (bytes.length < 32 || bytes.length > 64) continue
        secrets.add(base64)
        secrets.add(bytes.toString('hex'))
        // As console prints a Buffer: its first bytes, apart.
        secrets.add(bytes.subarray(0, 16).toString('hex'))
      }
    }
  }
}
