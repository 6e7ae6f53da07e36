import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Application } from '../../app/app.ts'
import { startIpc } from '../../ipc/handlers.ts'
import { headlessCapabilities } from '../headless-capabilities.ts'
import { startWindowServer } from './window-server.ts'

/** Where the build puts the window, beside the folder of this bundle. */
const windowFolder = join(import.meta.dirname, '..', 'renderer')

/** The operator's window in a browser on this PC. */
export interface BrowserWindow {
  /** With this run's token in its fragment; null where the window is not built. */
  url: string | null
  /** To be called before the application stops. */
  close(): Promise<void>
}

/** @param restart ends the program and starts it again, after a restore */
export async function openWindow(application: Application, restart: () => void): Promise<BrowserWindow> {
  if (!existsSync(windowFolder)) return { url: null, close: async () => {} }
  const customWhatsApp = application.newDeviceKind === 'custom'
  const ipc = await startIpc(application, headlessCapabilities({ customWhatsApp, restart }))
  const server = await startWindowServer({ folder: windowFolder, ipc, log: application.log })
  application.windowPorts.add(server.port)
  return {
    url: server.url,
    close: async () => {
      await server.stop()
      await ipc.stop()
    },
  }
}
