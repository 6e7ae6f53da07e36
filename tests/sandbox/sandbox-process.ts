import { hash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { BufferJSON } from '@whiskeysockets/baileys'
import { pino } from 'pino'
import { startControl } from '../../src-main/sandbox/control/sandbox-control.ts'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import type { Seedling } from '../../src-main/sandbox/control/seed.ts'
import { springTraits } from './spring-traits.ts'
import { makeTlsIdentity, type TlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'

/**
 * The practice WhatsApp in a process of its own, for crash tests and benchmarks:
 *
 *   node tests/sandbox/sandbox-process.ts [--file F] [--port N] [--control-port N] [--inbox-limit N]
 *                                         [--read-after MS] [--no-receipts] [--spring-accounts]
 *
 * `--spring-accounts`: its accounts are those of spring 2026, from which a bare client can still write.
 *
 * Prints one line of JSON when it is ready: { pid, url, certificate, control, ports }. Told over IPC, where it
 * was forked: { seed: Seedling[] as Baileys' BufferJSON } answers { seeded }; { usage: true } answers
 * { cpu: microseconds, rss: bytes }. Ends on SIGTERM. With a file it shows the same certificate at every start.
 */
const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    'inbox-limit': { type: 'string' },
    'read-after': { type: 'string', default: '50' },
    'no-receipts': { type: 'boolean', default: false },
    'spring-accounts': { type: 'boolean', default: false },
  },
})

// libsignal prints whole sessions, and nobody reads this process' output but for its first line.
console.info = () => {}

function keptIdentity(file: string): TlsIdentity {
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(makeTlsIdentity(Date.now())), { mode: 0o600 })
  return JSON.parse(readFileSync(file, 'utf8')) as TlsIdentity
}

const identity = values.file === undefined ? null : keptIdentity(`${values.file}.tls.json`)
const inboxLimit = values['inbox-limit']
const sandbox = await startSandbox({
  file: values.file ?? null,
  log: pino({ level: 'silent' }),
  port: Number(values.port),
  receiptTimes: { delivered: 0, read: Number(values['read-after']) },
  receipts: !values['no-receipts'],
  ...(values['spring-accounts'] ? { accountTraits: springTraits } : {}),
  // Clients are to find it again under the same address.
  ...(identity === null ? {} : { tls: identity, secret: hash('sha256', identity.key, 'base64url') }),
  ...(inboxLimit === undefined ? {} : { inboxLimit: Number(inboxLimit) }),
})
const control = await startControl(sandbox, { port: Number(values['control-port']) })

process.on('message', (message: { seed?: string; usage?: boolean }) => {
  if (message.seed !== undefined) {
    void sandbox
      .seed(JSON.parse(message.seed, BufferJSON.reviver) as Seedling[])
      .then((seeded) => process.send?.({ seeded: JSON.stringify(seeded, BufferJSON.replacer) }))
  }
  if (message.usage === true) {
    const { user, system } = process.cpuUsage()
    process.send?.({ usage: { cpu: user + system, rss: process.memoryUsage.rss() } })
  }
})

process.once('SIGTERM', () => {
  void Promise.all([control.stop(), sandbox.stop()]).then(() => process.exit(0))
})

const { url, certificate, ports } = sandbox
process.stdout.write(
  `${JSON.stringify({ pid: process.pid, url, certificate, control: control.url, ports })}\n`,
)
