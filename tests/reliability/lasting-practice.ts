import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { BufferJSON, initAuthCreds, type AuthenticationCreds } from '@whiskeysockets/baileys'
import type { Fault } from '../../src-main/sandbox/control/faults.ts'
import type { Seeded } from '../../src-main/sandbox/control/seed.ts'
import type { Account } from '../bench/practice.ts'
import type { Received } from './ledgers.ts'

const script = join(import.meta.dirname, '..', 'sandbox', 'sandbox-process.ts')

/** A practice WhatsApp in a process of its own that can be ended and comes back as it was, at the same address. */
export class LastingPractice {
  readonly #folder: string
  readonly #ports: { clients: number; control: number }
  #process: ChildProcess

  /** What `--whatsapp-url` and `--extra-ca` take. */
  readonly options: string[]

  private constructor(folder: string, started: Started) {
    this.#folder = folder
    this.#process = started.process
    const { url, control, certificate } = started
    this.#ports = { clients: Number(new URL(url).port), control: Number(new URL(control).port) }
    const certificateFile = join(folder, 'practice-ca.pem')
    writeFileSync(certificateFile, certificate)
    this.options = ['--whatsapp-url', url, '--extra-ca', certificateFile]
  }

  static async start(folder: string): Promise<LastingPractice> {
    return new LastingPractice(folder, await startProcess(folder, { clients: 0, control: 0 }))
  }

  /** Every line is cut, and nobody answers until it is back. */
  async restart(): Promise<void> {
    await this.stop()
    this.#process = (await startProcess(this.#folder, this.#ports)).process
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    await gone
  }

  /** Credentials as a pairing would have left them, for each number. */
  async accounts(numbers: readonly string[]): Promise<Account[]> {
    const seedlings = numbers.map((number) => ({ number, creds: initAuthCreds() }))
    const answered = once(this.#process, 'message')
    this.#process.send({ seed: JSON.stringify(seedlings, BufferJSON.replacer) })
    const [{ seeded }] = (await answered) as [{ seeded: string }]
    const updates = JSON.parse(seeded, BufferJSON.reviver) as Seeded[]
    return seedlings.map(({ number, creds }, index) => ({
      number,
      credentials: { ...creds, ...updates[index] } as AuthenticationCreds,
    }))
  }

  async fault(fault: Fault): Promise<void> {
    const answer = await fetch(`${this.#control}/fault`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    })
    if (!answer.ok) throw new Error(`the fault was not taken: ${await answer.text()}`)
  }

  /** Everything that any recipient received. */
  async inbox(): Promise<Received[]> {
    return (await (await fetch(`${this.#control}/inbox?limit=10000000`)).json()) as Received[]
  }

  /** What the program did wrong by the protocol. */
  async reports(): Promise<unknown[]> {
    return (await (await fetch(`${this.#control}/reports`)).json()) as unknown[]
  }

  get #control(): string {
    return `http://127.0.0.1:${this.#ports.control}`
  }
}

interface Started {
  process: ChildProcess
  url: string
  control: string
  certificate: string
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const one of running) one.kill('SIGKILL')
})

async function startProcess(
  folder: string,
  { clients, control }: { clients: number; control: number },
): Promise<Started> {
  const words = ['--file', join(folder, 'practice.sqlite'), '--inbox-limit', '10000000']
  words.push('--port', String(clients), '--control-port', String(control))
  const forked = fork(script, words, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] })
  running.add(forked)
  forked.once('exit', () => running.delete(forked))
  if (forked.stdout === null) throw new Error('no output')
  const [line] = (await once(createInterface(forked.stdout), 'line')) as [string]
  return { process: forked, ...(JSON.parse(line) as Omit<Started, 'process'>) }
}
