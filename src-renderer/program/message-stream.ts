import type { Message } from '../../src-preload/contract.ts'
import { bridge } from './bridge.ts'

/** Messages that changed, at most once a row, the newest form of each. */
type Batch = ReadonlyMap<string, Message>

const gatherMs = 60
const listeners = new Set<(batch: Batch) => void>()
let gathered = new Map<string, Message>()
let timer: number | undefined

/**
 * Rows that are new or moved on, gathered for a moment: a busy outbox tells of hundreds a second, and the
 * page draws them together.
 */
export function onMessages(listener: (batch: Batch) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

bridge.on('message.changed', (message) => {
  gathered.set(message.id, message)
  timer ??= window.setTimeout(flush, gatherMs)
})

function flush(): void {
  timer = undefined
  const batch = gathered
  gathered = new Map()
  for (const listener of listeners) listener(batch)
}
