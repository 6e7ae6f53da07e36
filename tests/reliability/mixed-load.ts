import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually, startProgram, temporaryFolder, type Program } from '../support/program.ts'
import { seedFolder } from '../bench/seeding.ts'
import { sendUntilTold, type CallerOutcome } from './caller.ts'
import { disturb, Disturbances } from './disturbances.ts'
import { CallerTasks, type Job } from './caller-tasks.ts'
import { LastingPractice } from './lasting-practice.ts'
import { compareLedgers, readLog, type Disagreements, type Received } from './ledgers.ts'
import { observable, observe } from './observer.ts'
import type { Sample } from './sampler.ts'
import { trendsOf, type Trend } from './trends.ts'

export interface MixedLoad {
  seconds: number
  /**
   * What comes before is not judged: caches fill, and code is compiled. Callers send faster in it, and mostly to
   * strangers: contacts are remembered up to a bound, of which the mixture alone would fall short in an hour.
   */
  warmUpSeconds: number
  devices: number
  /** Messages a second, all devices together, as long as nothing is in their way. */
  perSecond: number
  faultEverySeconds: number
  restartEverySeconds: number
  /** The judged part is cut into so many windows, each of which gives one point. */
  windows: number
}

export interface MixedLoadResult {
  disagreements: Disagreements & {
    /** A caller was told that it cannot be, and the recipient has it. */
    refusedAndReceived: string[]
  }
  answered: number
  byKind: Record<string, number>
  attempts: number
  refused: number
  faults: number
  restarts: number
  repeatedReceptions: number
  /** What the practice WhatsApp found wrong with what the program sent. */
  reports: unknown[]
  trends: Trend[]
  /** Devices that were not connected again a while after the last fault. */
  devicesAway: number
  /** When it was at rest: before the load and after it. */
  atRest: { before: Sample; after: Sample }
  seconds: number
}

const firstDevice = 6_285_500_001_000
/** In a quarter of an hour 34,000 strangers at 20 messages a second: what remembers 16,000 fills and turns over. */
const warmUpHaste = 3
const root = join(import.meta.dirname, '..', '..')

/**
 * Lets callers send through many devices while lines break, WhatsApp refuses and the practice server is started
 * again and again; then compares the three ledgers, and fits how what the program holds went over time.
 */
export async function mixedLoad(plan: MixedLoad): Promise<MixedLoadResult> {
  const startedAt = Date.now()
  const practiceFolder = temporaryFolder()
  const samplesFile = join(practiceFolder, 'samples')
  const practice = await LastingPractice.start(practiceFolder)
  const numbers = Array.from({ length: plan.devices }, (_, index) => String(firstDevice + index))
  const seeded = await seedFolder(await practice.accounts(numbers))
  const tasks = await CallerTasks.start()
  const built = copyOfBuild()
  const program = await startProgram({
    folder: seeded.folder,
    // Of the two data folders the later one counts.
    args: ['--data-dir', seeded.folder, '--setting', `media.trustedHosts=${tasks.host}`, ...practice.options],
    environment: observable(samplesFile),
    built,
  })
  await eventually(async () => (await healthOf(program)).devices.connected === plan.devices, 60_000)
  const databaseFile = join(seeded.folder, 'kurir.sqlite')
  const observer = observe(program.ready.pid, databaseFile, samplesFile)
  await pause(2_500)
  const before = await eventually(() => observer.latest())

  const loadedAt = Date.now()
  const endsAt = loadedAt + plan.seconds * 1_000
  const warmUntil = loadedAt + plan.warmUpSeconds * 1_000
  const isWarmingUp = (): boolean => Date.now() < warmUntil
  const disturbances = new Disturbances()
  const disturbed = disturb({ practice, numbers, plan, endsAt, disturbances })
  const done = await Promise.all(
    numbers.map((number, device) => {
      const to = { api: () => program.ready.api, key: seeded.apiKey, sender: number }
      const everyMs = (1_000 * plan.devices) / plan.perSecond
      const pace = (): number => (isWarmingUp() ? everyMs / warmUpHaste : everyMs)
      return callUntil(endsAt, pace, async () => {
        const job = tasks.next(device, isWarmingUp())
        return { job, sender: number, outcome: await sendUntilTold(to, job.number, job.text, job.task) }
      })
    }),
  )
  const calls = done.flat()
  await disturbed
  await eventually(async () => (await healthOf(program)).queue === 0, 120_000)
  const devicesAway = plan.devices - (await connectedInTheEnd(program, plan.devices))
  const after = await settled(() => observer.latest(), before)
  const seen = observer.stop()
  const inbox = namedByText(await practice.inbox(), calls)
  // What the load itself made to fail is no fault of the program's.
  const reports = (await practice.reports()).filter(
    (report) => !JSON.stringify(report).includes('made to fail'),
  )
  await program.stop()
  await practice.stop()
  await tasks.stop()
  rmSync(built, { recursive: true, force: true })

  const isRefused = ({ job }: Call): boolean => job.task.givesUpAt !== undefined
  const deliverable = calls.filter((call) => !isRefused(call)).map(({ outcome }) => outcome)
  const received = new Set(inbox.map(({ text }) => text))
  const span = { from: warmUntil, to: endsAt, windows: plan.windows }
  const undisturbed = calls.filter(
    ({ job, sender, outcome }) =>
      job.kind === 'warm' &&
      outcome.attempts === 1 &&
      !disturbances.touch(sender, outcome.askedAt, outcome.tookMs),
  )
  return {
    disagreements: {
      ...compareLedgers(deliverable, readLog(databaseFile), inbox),
      refusedAndReceived: calls
        .filter((call) => isRefused(call) && received.has(call.outcome.text))
        .map(({ outcome }) => outcome.text),
    },
    answered: calls.length,
    byKind: countsOf(calls),
    attempts: calls.reduce((sum, { outcome }) => sum + outcome.attempts, 0),
    refused: calls.filter(isRefused).length,
    faults: disturbances.faults,
    restarts: disturbances.restarts,
    repeatedReceptions: inbox.reduce((sum, { receptions }) => sum + receptions - 1, 0),
    reports,
    devicesAway,
    trends: trendsOf(
      seen,
      undisturbed.map(({ outcome }) => outcome),
      span,
    ),
    atRest: { before, after },
    seconds: Math.round((Date.now() - startedAt) / 1_000),
  }
}

interface Call {
  job: Job
  sender: string
  outcome: CallerOutcome
}

/** Voice notes come without a text, each to a recipient of its own. */
function namedByText(inbox: Received[], calls: readonly Call[]): Received[] {
  const listeners = new Map(
    calls.filter(({ job }) => job.kind === 'voice').map(({ job }) => [job.number, job.text]),
  )
  return inbox.map((message) => ({ ...message, text: listeners.get(message.to) ?? message.text }))
}

/** One piece of work after the other, begun at an even pace where the last one is done in time. */
async function callUntil<Done>(
  endsAt: number,
  everyMs: () => number,
  work: () => Promise<Done>,
): Promise<Done[]> {
  const done: Done[] = []
  let due = Date.now() + Math.random() * everyMs()
  for (;;) {
    await pause(Math.max(0, due - Date.now()))
    if (Date.now() >= endsAt) return done
    done.push(await work())
    due = Math.max(due + everyMs(), Date.now())
  }
}

/** What the program holds when what times out by itself has done so; the latest where it never comes back to that. */
async function settled(latest: () => Sample | undefined, before: Sample): Promise<Sample> {
  const isAtRest = (now: Sample): boolean => now.timers <= before.timers && now.sockets <= before.sockets
  const giveUpAt = Date.now() + 15_000
  for (;;) {
    const now = latest() ?? before
    if ((now.at > before.at && isAtRest(now)) || Date.now() > giveUpAt) return now
    await pause(250)
  }
}

/** The longest pause between two tries of a device is a minute. */
async function connectedInTheEnd(program: Program, devices: number): Promise<number> {
  const giveUpAt = Date.now() + 75_000
  for (;;) {
    const { connected } = (await healthOf(program)).devices
    if (connected === devices || Date.now() > giveUpAt) return connected
    await pause(250)
  }
}

/** A build beside a long run would take parts away that are loaded only when they are needed. */
function copyOfBuild(): string {
  const copy = join(root, 'node_modules', '.cache', `kurir-load-${process.pid}`)
  cpSync(join(root, 'out'), copy, { recursive: true })
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }\n')
  return copy
}

async function healthOf(program: Program): Promise<{ queue: number; devices: { connected: number } }> {
  const answer = await fetch(`${program.ready.api}/health`)
  return (await answer.json()) as { queue: number; devices: { connected: number } }
}

function countsOf(calls: readonly Call[]): Record<string, number> {
  const byKind = Map.groupBy(calls, ({ job }) => job.kind)
  return Object.fromEntries(Array.from(byKind, ([kind, those]) => [kind, those.length]))
}
