import { useEffect } from 'react'

let open = 0

/** While a dialog or drawer is open, what is behind it can be neither reached by keys nor read out. */
export function useInertBehind(): void {
  useEffect(() => {
    open += 1
    setInert(true)
    return () => {
      open -= 1
      if (open === 0) setInert(false)
    }
  }, [])
}

function setInert(inert: boolean): void {
  document.querySelector('#root')?.toggleAttribute('inert', inert)
}
