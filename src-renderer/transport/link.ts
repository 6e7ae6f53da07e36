import type { Bridge } from '../../src-preload/contract.ts'

/** Whether the program can be reached; `refused` when it does not accept this window's token. */
export type Link = 'connecting' | 'online' | 'offline' | 'refused'

/** A bridge that knows whether anybody is at its other end. */
export interface LinkedBridge extends Bridge {
  readonly link: Link
  onLink(listener: () => void): () => void
}

/** The preload's bridge: in the same application, so always there. */
export function linkedToPreload(bridge: Bridge): LinkedBridge {
  return {
    call: (name, request) => bridge.call(name, request),
    on: (event, listener) => bridge.on(event, listener),
    link: 'online',
    onLink: () => () => undefined,
  }
}
