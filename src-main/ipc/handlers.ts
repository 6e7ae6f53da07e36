import type { Application } from '../app/app.ts'
import { apiCalls } from './calls/api-calls.ts'
import { devicesCalls } from './calls/devices-calls.ts'
import { forwardEvents } from './window-events.ts'
import { filesCalls } from './calls/files-calls.ts'
import { ipcOf, type Handlers, type Ipc } from './ipc.ts'
import { keysCalls } from './calls/keys-calls.ts'
import { messagesCalls } from './calls/messages-calls.ts'
import { numbersCalls } from './calls/numbers-calls.ts'
import { programCalls } from './calls/program-calls.ts'
import { sandboxCalls } from './calls/sandbox-calls.ts'
import { Downloads } from './files/downloads.ts'
import { settingsCalls } from './calls/settings-calls.ts'
import type { HostCapabilities } from './host-platform.ts'
import { Uploads } from './files/uploads.ts'

/**
 * The contract's calls and events over a running application: the same for Electron's transport and for headless'
 * WebSocket. `stop` is to be called before the application stops.
 */
export async function startIpc(
  application: Application,
  shell: HostCapabilities,
): Promise<Ipc & { stop(): Promise<void> }> {
  const { dataFolder, log } = application
  const uploads = new Uploads(dataFolder)
  const downloads = new Downloads(dataFolder, shell, log)
  await Promise.all([uploads.sweep(), downloads.sweep()])
  const handlers: Handlers = {
    ...devicesCalls(application),
    ...messagesCalls({ application, uploads, downloads }),
    ...numbersCalls(application),
    ...filesCalls(uploads, downloads),
    ...keysCalls(application),
    ...apiCalls(application),
    ...sandboxCalls(application),
    ...settingsCalls(application),
    ...programCalls({ application, shell, uploads, downloads }),
  }
  const ipc = ipcOf(handlers, log)
  const unsubscribe = forwardEvents({ application, shell, downloads }, ipc.notify)
  return {
    ...ipc,
    stop: async () => {
      unsubscribe()
      await Promise.all([uploads.stop(), downloads.stop()])
    },
  }
}
