import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Ready } from '../../src-main/headless/terminal/ready-file.ts'
import { startOptions } from './start-options.ts'

const root = join(import.meta.dirname, '..', '..')

/** The real program in a process of its own, as `npm start -- --headless` runs it. */
export interface Program {
  ready: Ready
  folder: string
  /** Everything printed so far, both streams. */
  output(): string
  /** SIGTERM, and the exit code once it has gone. */
  stop(): Promise<number | null>
  /** SIGKILL: no chance to tidy up. */
  kill(): Promise<void>
  process: ChildProcess
}

/**
 * Starts the built program and waits until it is ready. `folder` is kept, so that it can be started again on it.
 * @throws Error with what the program printed, when it ends before it is ready
 */
export async function startProgram(
  options: {
    folder?: string
    args?: string[]
    environment?: Record<string, string>
    /** A copy of out/ for runs so long that a build beside them would change the program half-way. */
    built?: string
  } = {},
): Promise<Program> {
  const folder = options.folder ?? temporaryFolder()
  const readyFile = join(folder, 'ready.json')
  rmSync(readyFile, { force: true })
  const words = ['--headless', '--data-dir', join(folder, 'data'), '--ready-file', readyFile]
  if (!options.args?.includes('--port')) words.push('--port', '0')
  const run = runProgram([...words, ...(options.args ?? [])], options.environment, options.built)
  while (!existsSync(readyFile)) {
    if (run.process.exitCode !== null || run.process.signalCode !== null) {
      throw new Error(`the program ended before it was ready:\n${run.output()}`)
    }
    await pause(10)
  }
  return {
    ...run,
    folder,
    ready: JSON.parse(readFileSync(readyFile, 'utf8')) as Ready,
    async stop() {
      if (run.process.exitCode === null) run.process.kill('SIGTERM')
      return run.ended()
    },
    async kill() {
      run.process.kill('SIGKILL')
      await run.ended()
    },
  }
}

/** Runs the built program as `npm start` does, with exactly these options, for starts that are to fail. */
export function runProgram(
  words: string[],
  environment: Record<string, string> = {},
  built = join(root, 'out'),
): { process: ChildProcess; output(): string; ended(): Promise<number | null> } {
  const child = spawn(process.execPath, [...startOptions, join(built, 'main', 'headless.js'), ...words], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const exit = once(child, 'close')
  return {
    process: child,
    output: () => printed,
    async ended() {
      await exit
      return child.exitCode
    },
  }
}

/** A folder that is gone when the test process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-'))
  temporaryFolders.push(folder)
  return folder
}

const temporaryFolders: string[] = []
process.on('exit', () => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true })
})

/** Asks again until the answer is there: for what happens soon, but not at once. */
export async function eventually<Answer>(
  ask: () => Promise<Answer | undefined | null | false> | Answer | undefined | null | false,
  withinMs = 30_000,
): Promise<Answer> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return answer
    if (Date.now() > giveUpAt) throw new Error(`nothing within ${withinMs} ms`)
    await pause(20)
  }
}
