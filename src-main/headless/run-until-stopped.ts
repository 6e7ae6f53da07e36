import { spawn } from 'node:child_process'
import type { Application } from '../app/app.ts'
import { Failure } from '../lib/failure.ts'
import { startupNotices } from '../ipc/calls/startup-notices.ts'
import type { CommandLine } from './terminal/command-line.ts'
import { printNotices, printOpenFolder, printReady } from './terminal/print.ts'
import { apiStartError } from './api-start-error.ts'
import { endProcess, killProcess } from './end-process.ts'
import { openWindow } from './window/open-window.ts'
import { writeReadyFile } from './terminal/ready-file.ts'
import { readiness } from './terminal/readiness.ts'
import { deviceToPair, pairInTerminal } from './terminal/terminal-pairing.ts'

/** Long enough for everything that stops in order; beyond it something hangs, and waiting helps nobody. */
const stopDeadlineMs = 15_000

/**
 * Waits for the start, opens the window and says that everything runs. Signals are answered from the first moment:
 * one that comes during the start has the program stop in order once there is something to stop.
 * A taken port, a key's name that is there already and the like are said, and the program ends with 1.
 */
export async function runUntilStopped(
  starting: Promise<Application>,
  commandLine: CommandLine,
): Promise<void> {
  const signalled = firstSignal()
  const application = await starting
  const stop = stopOnce(application)
  if (signalled.aborted) return stop(0)
  signalled.addEventListener('abort', () => void stop(0))
  printNotices(startupNotices(application))
  printOpenFolder(application.dataFolder)
  try {
    const { status } = application.api
    if (status.state === 'failed') throw await apiStartError(application, status.failure)
    const window = await openWindow(application, () => {
      startAgainOnceGone()
      void stop(0)
    })
    stop.before(() => window.close())
    const device = commandLine.pair === null ? null : await deviceToPair(application, commandLine.pair)
    const ready = await readiness(application, commandLine, window.url)
    printReady(ready, commandLine)
    // Last: whoever waits for the file finds everything printed.
    if (commandLine.readyFile !== null) writeReadyFile(commandLine.readyFile, ready)
    if (device !== null) await pairInTerminal(application, device)
  } catch (error) {
    // What was under way when the signal came finds the database closed.
    if (signalled.aborted) return stop(0)
    const sentence = error instanceof Failure ? `${error.message} (${error.code})` : String(error)
    process.stderr.write(`Kurir cannot go on: ${sentence}\n`)
    await stop(1)
  }
}

/** Aborted by the first signal to stop; what hangs from then on, be it the start, is ended. */
function firstSignal(): AbortSignal {
  const signalled = new AbortController()
  // SIGHUP: the terminal, or on Windows the console window, was closed.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => signalled.abort())
  signalled.signal.addEventListener('abort', endWhateverHangs)
  return signalled.signal
}

function endWhateverHangs(): void {
  setTimeout(killProcess, stopDeadlineMs).unref()
}

/** Stops in order and exits; a second signal while that is under way changes nothing. */
function stopOnce(application: Application) {
  const first: (() => Promise<void>)[] = []
  let stopping: Promise<never> | null = null
  const stop = (exitCode: number): Promise<never> => (stopping ??= run(exitCode))
  stop.before = (work: () => Promise<void>) => first.push(work)
  return stop

  async function run(exitCode: number): Promise<never> {
    endWhateverHangs()
    for (const work of first) await work()
    await application.stop()
    // Baileys leaves timers behind that would keep the process for half a minute.
    return endProcess(exitCode)
  }
}

/**
 * After a restore: the same command line once more, but for a key that was to be made, which there is by now.
 * Its start waits for nothing: by the time this process has gone, its lock on the folder has, too.
 */
function startAgainOnceGone(): void {
  process.once('exit', () => {
    const words = withoutOption(process.argv.slice(1), '--new-key')
    spawn(process.execPath, [...process.execArgv, ...words], { detached: true, stdio: 'inherit' }).unref()
  })
}

function withoutOption(words: readonly string[], option: string): string[] {
  return words.filter(
    (word, index) => word !== option && words[index - 1] !== option && !word.startsWith(`${option}=`),
  )
}
