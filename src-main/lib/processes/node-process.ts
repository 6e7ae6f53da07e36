import { fork } from 'node:child_process'
import type { IsolatedProcess } from './isolated-process.ts'

/** An isolated process as a fork of Node. Electron's fuses forbid that there: see desktop/system/utility-process.ts. */
export function startNodeProcess(file: string, { heapMiB }: { heapMiB: number }): IsolatedProcess {
  const child = fork(file, [], {
    // What decoders print about damaged files is of no use.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${heapMiB}`],
  })
  return {
    send: (message) => {
      child.send(message as object, () => {
        // A process that is gone is told by `exit`.
      })
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      child.once('exit', listener)
      // One that could not be started has no `exit`.
      child.on('error', () => child.pid === undefined && listener())
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
