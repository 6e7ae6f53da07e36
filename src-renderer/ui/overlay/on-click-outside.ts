import type { MouseEvent } from 'react'
import { isFirstClick } from './first-click.ts'

/** A press beside a dialog closes it; not the second click of a double one, whose first has opened it. */
export function onClickOutside(close: () => void) {
  return {
    closeOnClickOutside: false,
    overlayProps: {
      onClick: (event: MouseEvent) => {
        if (isFirstClick(event)) close()
      },
    },
  }
}
