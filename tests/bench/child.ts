import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'

/** A process of the benchmark's own that answers questions over IPC, one at a time. */
export interface Child {
  readonly pid: number
  ask<Answer>(question: object): Promise<Answer>
  stop(): Promise<void>
}

/** Starts tests/bench/processes/… or any other module; `ready` is the first thing that it says. */
// The answers' types are the caller's word.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names what crosses the process border
export async function startChild<Ready>(
  file: string,
  options: object,
): Promise<{ child: Child; ready: Ready }> {
  const started = fork(file, [JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  endWithUs(started)
  const ready = await answerOf<Ready>(started)
  return { child: childOf(started), ready }
}

function childOf(forked: ChildProcess): Child {
  return {
    pid: forked.pid ?? 0,
    ask: <Answer>(question: object) => {
      const answer = answerOf<Answer>(forked)
      forked.send(question)
      return answer
    },
    stop: async () => {
      if (forked.exitCode !== null || forked.signalCode !== null) return
      const gone = once(forked, 'exit')
      forked.kill('SIGTERM')
      await gone
    },
  }
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const one of running) one.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Nothing that was started is left behind, however the run ends. */
export function endWithUs(started: ChildProcess): void {
  running.add(started)
  started.once('exit', () => running.delete(started))
}

function answerOf<Answer>(forked: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error(`${forked.spawnfile} ended`))
    forked.once('exit', ended)
    forked.once('message', (message: { answer: Answer } | { failed: string }) => {
      forked.off('exit', ended)
      if ('failed' in message) reject(new Error(message.failed))
      else resolve(message.answer)
    })
  })
}

/** Answers the questions that come over IPC; what goes wrong is told to who asked. */
// What comes is what this benchmark's other half sends: its type is the caller's word.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names what crosses the process border
export function serve<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.on('message', (question) => {
    answer(question as Question).then(
      (value) => process.send?.({ answer: value }),
      (error: unknown) => process.send?.({ failed: String(error instanceof Error ? error.stack : error) }),
    )
  })
}

const ticksPerSecond = 100

/** CPU time of a process so far, user and system, in milliseconds (proc(5), stat). */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
}

/** Resident memory now and at its highest, in megabytes of 10⁶ bytes. */
export function memoryOf(pid: number): { now: number; highest: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string): number =>
    (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1_024) / 1e6
  return { now: of('VmRSS'), highest: of('VmHWM') }
}

/** Begins a new look at the highest (proc(5), clear_refs). */
export function forgetHighest(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
