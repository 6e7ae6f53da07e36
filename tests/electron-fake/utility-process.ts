import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Electron links the system's glib; another glib in the same process shows at once with this one loaded first. */
const systemGlib = [
  '/usr/lib/x86_64-linux-gnu/libgobject-2.0.so.0',
  '/usr/lib/aarch64-linux-gnu/libgobject-2.0.so.0',
]

/** Variables under which a child process has the system's glib in its global scope, as Electron on Linux has. */
export function withSystemGlib(): Record<string, string> {
  const library = systemGlib.find((path) => existsSync(path))
  return library === undefined ? {} : { LD_PRELOAD: library }
}

export const utilityProcess = {
  fork(modulePath: string, words: string[] = [], options: { execArgv?: string[]; stdio?: unknown } = {}) {
    const child = fork(join(import.meta.dirname, 'utility-run.ts'), [modulePath, ...words], {
      env: { ...process.env, ...withSystemGlib() },
      execArgv: options.execArgv ?? [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    })
    return Object.assign(child, { postMessage: (message: object) => void child.send(message, () => {}) })
  },
}
