import type { Bridge } from '../../src-preload/contract.ts'
import { linkedToPreload, type LinkedBridge } from '../transport/link.ts'
import { SocketBridge } from '../transport/socket-bridge.ts'
import { takeToken } from '../transport/token.ts'

declare global {
  interface Window {
    /** The preload's; absent in a plain browser. */
    readonly kurir?: Bridge
  }
}

/** The one line to the program, for as long as this page lives. */
export const bridge: LinkedBridge =
  window.kurir === undefined ? new SocketBridge(takeToken()) : linkedToPreload(window.kurir)
