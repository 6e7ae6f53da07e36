import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { BufferJSON, initAuthCreds, type AuthenticationCreds } from '@whiskeysockets/baileys'
import { endWithUs } from './child.ts'
import type { Seeded } from '../../src-main/sandbox/control/seed.ts'

const file = join(import.meta.dirname, '..', 'sandbox', 'sandbox-process.ts')

/** The practice WhatsApp in a process of its own, forgotten when it stops. */
export interface Practice {
  pid: number
  url: string
  /** PEM */
  certificate: string
  /** Credentials as a pairing would have left them, for each number. */
  accounts(numbers: readonly string[]): Promise<Account[]>
  fault(fault: object): Promise<void>
  stop(): Promise<void>
}

export interface Account {
  number: string
  credentials: AuthenticationCreds
}

export async function startPractice(): Promise<Practice> {
  const child = spawn(process.execPath, [file, '--inbox-limit', '1000', '--spring-accounts'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  endWithUs(child)
  if (child.stdout === null) throw new Error('no output')
  const lines = createInterface({ input: child.stdout })
  const first = await new Promise<string>((resolve) => lines.once('line', resolve))
  const { pid, url, certificate, control } = JSON.parse(first) as {
    pid: number
    url: string
    certificate: string
    control: string
  }
  return {
    pid,
    url,
    certificate,
    accounts: async (numbers) => {
      const accounts = numbers.map((number) => ({ number, creds: initAuthCreds() }))
      const answer = new Promise<{ seeded: string }>((resolve) =>
        child.once('message', resolve as () => void),
      )
      child.send({ seed: JSON.stringify(accounts, BufferJSON.replacer) })
      const seeded = JSON.parse((await answer).seeded, BufferJSON.reviver) as Seeded[]
      return accounts.map(({ number, creds }, index) => ({
        number,
        credentials: { ...creds, ...seeded[index] } as AuthenticationCreds,
      }))
    },
    fault: async (fault) => {
      const response = await fetch(`${control}/fault`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      })
      if (!response.ok) throw new Error(`the practice WhatsApp: ${await response.text()}`)
    },
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

const firstDevice = 6_285_500_001_000
const firstContact = 6_285_500_020_000

/** Numbers of devices, another part for each figure, so that none meets what an earlier one left. */
export function deviceNumbers(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => String(firstDevice + from + index))
}

/** Numbers of ordinary recipients. */
export function contacts(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => String(firstContact + from + index))
}
