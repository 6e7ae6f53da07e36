import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron'
import type { Outcome } from '../../src-preload/contract.ts'
import type { Ipc } from '../ipc/ipc.ts'
import { appOrigin } from './window/app-scheme.ts'

const foreign: Outcome<never> = {
  ok: false,
  error: { code: 'origin_not_allowed', message: 'Only Kurir’s own window may call.' },
}

/**
 * Electron's way between window and program: one channel for calls, one for events. Who is asking is checked
 * here, before anything of the request is looked at.
 */
export function carryIpc(ipc: Ipc, window: () => BrowserWindow | null): void {
  ipcMain.handle('call', (event, call: unknown, request: unknown) =>
    isOurWindow(event, window()) ? ipc.answer(call, request) : foreign,
  )
  ipc.subscribe((event, payload) => {
    const open = window()
    if (open !== null && !open.isDestroyed()) open.webContents.send('event', event, payload)
  })
}

/** The window's own page, in its top frame; a frame is null once it navigated away or is gone. */
function isOurWindow({ sender, senderFrame }: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  return (
    window !== null &&
    sender === window.webContents &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    URL.canParse(senderFrame.url) &&
    originOf(senderFrame.url) === appOrigin
  )
}

/** Of an app: address too, for which URL's own `origin` is opaque. */
function originOf(address: string): string {
  const { protocol, host } = new URL(address)
  return `${protocol}//${host}`
}
