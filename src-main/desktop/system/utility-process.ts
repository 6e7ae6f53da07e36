import { utilityProcess } from 'electron'
import type { IsolatedProcess } from '../../lib/processes/isolated-process.ts'

/**
 * An isolated process as Electron's utility process: the fuse `runAsNode` forbids forks of Node.
 * @see https://www.electronjs.org/docs/latest/api/utility-process
 */
export function startUtilityProcess(
  file: string,
  { name, heapMiB }: { name: string; heapMiB: number },
): IsolatedProcess {
  const child = utilityProcess.fork(file, [], {
    serviceName: name,
    stdio: 'ignore',
    execArgv: [`--max-old-space-size=${heapMiB}`],
  })
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process's port, no window
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => {
      const { pid } = child
      // `kill()` asks (SIGTERM); a decoder that is busy in native code does not hear it.
      if (pid === undefined) child.kill()
      else process.kill(pid, 'SIGKILL')
    },
  }
}
