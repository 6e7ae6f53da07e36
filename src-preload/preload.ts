import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { calls, events, type Bridge, type Outcome } from './contract.ts'

type Listener = (payload: never) => void
const listeners = new Map<string, Set<Listener>>()

// One listener for all: a page with many of its own is no leak.
ipcRenderer.on('event', (_: IpcRendererEvent, event: string, payload: unknown) => {
  for (const listener of Array.from(listeners.get(event) ?? [])) listener(payload as never)
})

const unknownCall: Outcome<never> = {
  ok: false,
  error: { code: 'call_invalid', message: 'This version of Kurir does not know that call.' },
}

/**
 * The whole bridge between the window and the program. Only calls and events of the contract pass, by name; what
 * comes with them is checked in main. A listener gets the payload, never Electron's event.
 */
const bridge: Bridge = {
  call(name, request) {
    if (!Object.hasOwn(calls, name)) return Promise.resolve(unknownCall)
    return ipcRenderer.invoke('call', name, request)
  },
  on(event, listener) {
    if (!Object.hasOwn(events, event)) return () => undefined
    const heard = listeners.get(event) ?? new Set()
    listeners.set(event, heard.add(listener))
    return () => void heard.delete(listener)
  },
}

contextBridge.exposeInMainWorld('kurir', bridge)
