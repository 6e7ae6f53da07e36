import { useSyncExternalStore } from 'react'
import { bridge } from '../program/bridge.ts'
import type { Link } from '../transport/link.ts'

/** Whether the program is there. */
export function useLink(): Link {
  return useSyncExternalStore(
    (listener) => bridge.onLink(listener),
    () => bridge.link,
  )
}
