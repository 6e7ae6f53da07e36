import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Ready } from '../../src-main/headless/terminal/ready-file.ts'
import { Caller } from './caller.ts'
import { startOptions } from '../support/start-options.ts'
import { endWithUs } from './child.ts'
import type { Practice } from './practice.ts'
import type { Seeded } from './seeding.ts'

const root = join(import.meta.dirname, '..', '..')
/** The copy of out/ that is measured. */
export const builtFolder = join(root, 'node_modules', '.cache', 'kurir-bench')

/** Measures a copy of what was built, so that a build beside the run cannot change it half-way. */
export function copyBuild(): void {
  rmSync(builtFolder, { recursive: true, force: true })
  cpSync(join(root, 'out'), builtFolder, { recursive: true })
  writeFileSync(join(builtFolder, 'package.json'), '{ "type": "module" }\n')
}

/** The built headless program in a process of its own. */
export interface Kurir {
  pid: number
  port: number
  apiKey: string
  /** The operator's window, with its token. */
  window: string | null
  stop(): Promise<void>
}

/** What it is started with: the practice WhatsApp as its endpoint where one is given. */
export function spawnKurir(
  { folder }: Pick<Seeded, 'folder'>,
  practice: Practice | null,
  words: string[] = [],
): ChildProcess {
  const endpoint: string[] = []
  if (practice !== null) {
    const certificate = join(folder, 'practice.pem')
    writeFileSync(certificate, practice.certificate)
    endpoint.push('--whatsapp-url', practice.url, '--extra-ca', certificate)
  }
  const program = [
    ...startOptions,
    ...(process.env['BENCH_NODE'] ?? '').split(' ').filter(Boolean),
    join(builtFolder, 'main', 'headless.js'),
  ]
  const child = spawn(
    process.execPath,
    [...program, '--headless', '--data-dir', folder, ...endpoint, ...words],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  endWithUs(child)
  return child
}

/** Starts it and waits until all its devices are connected. */
export async function startKurir(seeded: Seeded, practice: Practice | null): Promise<Kurir> {
  const readyFile = join(seeded.folder, 'ready.json')
  rmSync(readyFile, { force: true })
  const child = spawnKurir(seeded, practice, ['--port', '0', '--ready-file', readyFile])
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null) throw new Error('the program ended before it was ready')
    await pause(10)
  }
  const { pid, api, window } = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready
  const port = Number(new URL(api).port)
  await allConnected(port, seeded.deviceIds.length)
  return { pid, port, apiKey: seeded.apiKey, window, stop: () => stopKurir(child) }
}

export async function stopKurir(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

async function allConnected(port: number, devices: number): Promise<void> {
  const caller = new Caller(port)
  for (;;) {
    const { body } = await caller.get('/health')
    const { connected } = (JSON.parse(body) as { devices: { connected: number } }).devices
    if (connected === devices) break
    await pause(20)
  }
  caller.close()
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
