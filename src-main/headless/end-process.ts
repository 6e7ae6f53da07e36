import { hasRunningThreads } from '../storage/database/sql-thread.ts'

/**
 * Ends this process now. Node's own exit waits for threads, and one that is inside SQLite cannot be told to stop: then
 * the process is killed, whose writes are on the disk by then.
 */
export function endProcess(exitCode: number): never {
  if (hasRunningThreads()) killProcess()
  return process.exit(exitCode)
}

/** For what hangs: no thread and no listener can delay it. */
export function killProcess(): void {
  process.kill(process.pid, 'SIGKILL')
}
