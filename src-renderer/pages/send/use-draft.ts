import { useSyncExternalStore } from 'react'
import { emptyDraft, type Draft } from './draft.ts'

let draft = emptyDraft
const listeners = new Set<() => void>()

/** The draft and how to change it: it survives a look at another page. */
export function useDraft(): [Draft, (change: Partial<Draft>) => void] {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => draft,
  )
  return [current, changeDraft]
}

function changeDraft(change: Partial<Draft>): void {
  draft = { ...draft, ...change }
  for (const listener of listeners) listener()
}
