import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Application } from '../app.ts'
import { startIpc } from '../ipc/handlers.ts'
import { headlessAbilities } from './abilities.ts'
import { startWindowServer, type WindowServer } from './window-server.ts'

/** Where the build puts the window, beside the folder of this bundle. */
const windowFolder = join(import.meta.dirname, '..', 'renderer')

/**
 * Serves the operator's window to a browser on this PC; null where the window is not built. To be stopped before
 * the application.
 *
 * @param restart ends the program and starts it again on the same data folder, after a restored backup
 */
export async function openWindow(
  application: Application,
  options: { customWhatsApp: boolean; restart: () => void },
): Promise<WindowServer | null> {
  if (!existsSync(windowFolder)) return null
  const ipc = await startIpc(application, headlessAbilities(options))
  const server = await startWindowServer({ folder: windowFolder, ipc, log: application.log })
  return {
    ...server,
    stop: async () => {
      await server.stop()
      await ipc.stop()
    },
  }
}
