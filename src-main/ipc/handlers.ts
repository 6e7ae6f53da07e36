import type { Application } from '../app.ts'
import { apiCalls } from './api-calls.ts'
import { devicesCalls } from './devices-calls.ts'
import { tellOfEvents } from './events.ts'
import { filesCalls } from './files-calls.ts'
import { ipcOf, type Handlers, type Ipc } from './ipc.ts'
import { keysCalls } from './keys-calls.ts'
import { messagesCalls } from './messages-calls.ts'
import { numbersCalls } from './numbers-calls.ts'
import { programCalls } from './program-calls.ts'
import { sandboxCalls } from './sandbox-calls.ts'
import { Savings } from './savings.ts'
import { settingsCalls } from './settings-calls.ts'
import type { ShellAbilities } from './shell.ts'
import { Uploads } from './uploads.ts'

/**
 * The contract's calls and events over a running application: the same for Electron's transport and for headless'
 * WebSocket. `stop` is to be called before the application stops.
 */
export async function startIpc(
  application: Application,
  shell: ShellAbilities,
): Promise<Ipc & { stop(): Promise<void> }> {
  const { dataFolder, log } = application
  const uploads = new Uploads(dataFolder)
  const savings = new Savings(dataFolder, shell, log)
  await Promise.all([uploads.sweep(), savings.sweep()])
  const handlers: Handlers = {
    ...devicesCalls(application),
    ...messagesCalls({ application, uploads, savings }),
    ...numbersCalls(application),
    ...filesCalls(uploads, savings),
    ...keysCalls(application),
    ...apiCalls(application),
    ...sandboxCalls(application),
    ...settingsCalls(application),
    ...programCalls({ application, shell, uploads, savings }),
  }
  const ipc = ipcOf(handlers, log)
  const unsubscribe = tellOfEvents({ application, shell, savings }, ipc.tell)
  return {
    ...ipc,
    stop: async () => {
      unsubscribe()
      await Promise.all([uploads.stop(), savings.stop()])
    },
  }
}
