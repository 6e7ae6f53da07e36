import { useSyncExternalStore } from 'react'
import { onNewDay, today } from '../program/new-day.ts'

/** The first moment of this day; another one from midnight on. */
export function useToday(): number {
  return useSyncExternalStore(onNewDay, today)
}
