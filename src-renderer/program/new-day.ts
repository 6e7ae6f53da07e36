const checkIntervalMs = 30_000

let day = startOfDay()
const listeners = new Set<() => void>()

/** The first moment of this day by the clock of this PC. */
export function today(): number {
  return day
}

/** Hears when the day is another: a window stays open for weeks. */
export function onNewDay(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function look(): void {
  const now = startOfDay()
  if (now === day) return
  day = now
  for (const listener of listeners) listener()
}

function startOfDay(): number {
  return new Date().setHours(0, 0, 0, 0)
}

// Not one long wait for midnight: a PC that slept, or whose clock was set, would miss it.
window.setInterval(look, checkIntervalMs)
window.addEventListener('focus', look)
