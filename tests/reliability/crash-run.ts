import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually, startProgram, temporaryFolder, type Program } from '../support/program.ts'
import { pairByApi, startPracticeServer, type PracticeServer } from '../support/practice-server.ts'
import { sendUntilTold, type CallerOutcome } from './caller.ts'
import { compareLedgers, readLog, type Disagreements, type Received } from './ledgers.ts'

export interface CrashRun {
  /** At least: callers go on until there were enough kills, too. */
  messages: number
  kills: number
  /** Callers at work at the same time. */
  callers: number
  /** Faults that the practice WhatsApp adds between the kills. */
  faults: readonly ('drop' | 'silence' | 'ack-error' | 'close')[]
  /** Without them an outcome that was cut off can only be learnt by sending again under the same id. */
  receipts: boolean
}

export interface CrashResult {
  disagreements: Disagreements
  answered: number
  attempts: number
  kills: number
  /** Times that a message id reached its recipient again, and was shown once. */
  repeatedReceptions: number
  seconds: number
}

/** Messages that the practice WhatsApp keeps and tells: more than any run sends. */
const everything = 100_000
const sender = '6285500000000'
const recipients = ['6285500000500', '6285500000501', '6285500000502', '6285500000503']

/**
 * Kills the real program with SIGKILL at random moments while callers send, starts it again each time, lets it come
 * to rest, and compares what callers were told, what the log says and what the recipients decrypted.
 */
export async function crashRun(plan: CrashRun): Promise<CrashResult> {
  const startedAt = performance.now()
  const folder = temporaryFolder()
  const practice = await startPracticeServer([
    '--inbox-limit',
    String(everything),
    ...(plan.receipts ? [] : ['--no-receipts']),
  ])
  const args = [...practice.options, '--port', String(await freePort())]
  let program = await startProgram({ folder, args: [...args, '--new-key', 'callers'] })
  const to = { api: () => program.ready.api, key: program.ready.apiKey!, sender }
  await pairByApi({ ...program.ready, key: to.key, control: practice.control, number: sender })

  const outcomes: CallerOutcome[] = []
  let next = 0
  const progress = { kills: 0 }
  const callers = Array.from({ length: plan.callers }, async () => {
    while (next < plan.messages || progress.kills < plan.kills) {
      const number = next++
      outcomes.push(await sendUntilTold(to, recipients[number % recipients.length]!, `message ${number}`))
    }
  })
  const allTold = Promise.all(callers)

  while (progress.kills < plan.kills) {
    await addFault(practice, plan.faults[progress.kills % Math.max(plan.faults.length, 1)])
    await pause(Math.random() * 900)
    await program.kill()
    progress.kills++
    program = await startProgram({ folder, args })
  }
  await allTold
  await eventually(async () => (await outboxOf(program)) === 0, 60_000)
  const inbox = await inboxOf(practice)
  await program.stop()
  await practice.stop()

  return {
    disagreements: compareLedgers(outcomes, readLog(join(folder, 'data', 'kurir.sqlite')), inbox),
    answered: outcomes.length,
    attempts: outcomes.reduce((sum, { attempts }) => sum + attempts, 0),
    kills: progress.kills,
    repeatedReceptions: inbox.reduce((sum, { receptions }) => sum + receptions - 1, 0),
    seconds: Math.round((performance.now() - startedAt) / 1000),
  }
}

/** The same port for every start: callers have it written down. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function addFault(
  practice: PracticeServer,
  kind: CrashRun['faults'][number] | undefined,
): Promise<void> {
  if (kind === undefined) return
  const fault = kind === 'ack-error' ? { kind, code: 500 } : kind === 'close' ? { kind, code: 503 } : { kind }
  const answer = await fetch(`${practice.control}/fault`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  if (!answer.ok) throw new Error(`the fault was not taken: ${await answer.text()}`)
}

async function outboxOf(program: Program): Promise<number> {
  const health = (await (await fetch(`${program.ready.api}/health`)).json()) as { queue: number }
  return health.queue
}

async function inboxOf(practice: PracticeServer): Promise<Received[]> {
  const perRecipient = await Promise.all(
    recipients.map(async (number) => {
      const answer = await fetch(`${practice.control}/inbox?number=${number}&limit=${everything}`)
      return (await answer.json()) as Received[]
    }),
  )
  return perRecipient.flat()
}
