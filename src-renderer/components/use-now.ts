import { useEffect, useState } from 'react'

/** The time, again every `everyMs` while `running`: for what counts down before the operator's eyes. */
export function useNow(everyMs: number, running = true): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!running) return
    setNow(Date.now())
    const timer = window.setInterval(() => setNow(Date.now()), everyMs)
    return () => window.clearInterval(timer)
  }, [everyMs, running])
  return now
}
