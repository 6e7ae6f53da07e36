import { join } from 'node:path'
import { BufferJSON } from '@whiskeysockets/baileys'
import { startChild, type Child } from './child.ts'
import type { Account, Practice } from './practice.ts'
import type { BareOptions, BareQuestion } from './processes/bare-baileys.ts'
import { temporaryFolder } from './seeding.ts'

/** Bare Baileys in a process of its own, connected. */
export interface Bare {
  child: Child
  send(count: number, numbers: readonly string[]): Promise<{ ms: number; cpu: number }>
  pace(count: number, numbers: readonly string[], perSecond: number): Promise<number[]>
  video(number: string, bytes: number): Promise<number>
}

const file = join(import.meta.dirname, 'processes', 'bare-baileys.ts')

export async function startBare(
  practice: Practice,
  account: Account,
  keys: 'memory' | 'files' | 'cached files',
): Promise<Bare> {
  const options: BareOptions = {
    url: practice.url,
    certificate: practice.certificate,
    credentials: JSON.stringify(account.credentials, BufferJSON.replacer),
    folder: keys === 'memory' ? null : temporaryFolder(),
    cached: keys === 'cached files',
  }
  const { child } = await startChild<null>(file, options)
  const ask = <Answer>(question: BareQuestion): Promise<Answer> => child.ask<Answer>(question)
  return {
    child,
    send: (count, numbers) => ask({ do: 'send', count, numbers: [...numbers] }),
    pace: (count, numbers, perSecond) => ask({ do: 'pace', count, numbers: [...numbers], perSecond }),
    video: (number, bytes) => ask({ do: 'video', number, bytes }),
  }
}
