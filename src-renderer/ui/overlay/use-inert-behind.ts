import { useEffect, useState } from 'react'

let open = 0
let returnTo: Element | null = null
let returning: number | undefined

/**
 * While a dialog or drawer is open, what is behind it can be neither reached by keys nor read out; when the
 * last one has closed, the focus is where it was before the first.
 */
export function useInertBehind(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(() => {
    open += 1
    // One that takes another's place in the same moment goes on with what the other had noted.
    if (returning === undefined) returnTo = open === 1 ? before : returnTo
    window.clearTimeout(returning)
    returning = undefined
    setInert(true)
    return () => {
      open -= 1
      if (open > 0) return
      setInert(false)
      returning = window.setTimeout(restoreFocus, 0)
    }
  }, [before])
}

function restoreFocus(): void {
  returning = undefined
  if (returnTo instanceof HTMLElement && returnTo.isConnected) returnTo.focus()
}

function setInert(inert: boolean): void {
  document.querySelector('#root')?.toggleAttribute('inert', inert)
}
