import { useSyncExternalStore } from 'react'
import type { Page } from '../../src-preload/contract.ts'

export interface Route {
  page: Page
  /** A device's or a message's, when one is meant. */
  id: string | null
}

export const pages: readonly Page[] = ['devices', 'send', 'log', 'api', 'sandbox', 'settings']

/** Reads `#/log/ID`; anything unknown is the first page. */
function readRoute(hash: string): Route {
  const [, name, id] = /^#\/([a-z]+)(?:\/(.+))?$/.exec(hash) ?? []
  const page = pages.find((one) => one === name) ?? 'devices'
  return { page, id: id === undefined ? null : decodeURIComponent(id) }
}

export function hashOf(page: Page, id: string | null = null): string {
  return id === null ? `#/${page}` : `#/${page}/${encodeURIComponent(id)}`
}

export function goTo(page: Page, id: string | null = null): void {
  window.location.hash = hashOf(page, id)
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (listener) => {
      window.addEventListener('hashchange', listener)
      return () => window.removeEventListener('hashchange', listener)
    },
    () => window.location.hash,
  )
  return readRoute(hash)
}
