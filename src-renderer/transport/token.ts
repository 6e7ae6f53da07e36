const storageKey = 'kurir-window-token'

/**
 * The token of this run, from the address' fragment at the first load (and then taken out of the address, so
 * that it is neither bookmarked nor shown), from sessionStorage after that. Null where there is none.
 */
export function takeToken(): string | null {
  const found = /^#token=([\w-]+)$/.exec(window.location.hash)
  if (found?.[1] === undefined) return window.sessionStorage.getItem(storageKey)
  window.sessionStorage.setItem(storageKey, found[1])
  window.history.replaceState(null, '', window.location.pathname)
  return found[1]
}
