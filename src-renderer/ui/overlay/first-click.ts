import type { MouseEvent } from 'react'

/** Whether this is no later click of a double one: who is used to those means to do it once. */
export function isFirstClick(event: MouseEvent): boolean {
  return event.detail < 2
}
