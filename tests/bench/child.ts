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
export async function startChild<Ready>(
  file: string,
  options: object,
): Promise<{ child: Child; ready: Ready }> {
  const process_ = fork(file, [JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ready = await answerOf<Ready>(process_)
  return { child: childOf(process_), ready }
}

export function childOf(process_: ChildProcess): Child {
  return {
    pid: process_.pid ?? 0,
    ask: <Answer>(question: object) => {
      const answer = answerOf<Answer>(process_)
      process_.send(question)
      return answer
    },
    stop: async () => {
      if (process_.exitCode !== null || process_.signalCode !== null) return
      const gone = once(process_, 'exit')
      process_.kill('SIGTERM')
      await gone
    },
  }
}

function answerOf<Answer>(process_: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error(`${process_.spawnfile} ended`))
    process_.once('exit', ended)
    process_.once('message', (message: { answer: Answer } | { failed: string }) => {
      process_.off('exit', ended)
      if ('failed' in message) reject(new Error(message.failed))
      else resolve(message.answer)
    })
  })
}

/** Answers the questions that come over IPC; what goes wrong is told to who asked. */
export function serve(answer: (question: never) => Promise<unknown>): void {
  process.on('message', (question: never) => {
    answer(question).then(
      (value) => process.send?.({ answer: value }),
      (thrown: unknown) => process.send?.({ failed: String(thrown instanceof Error ? thrown.stack : thrown) }),
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
