import type { ReactNode } from 'react'
import classes from './bubble.module.css'

interface BubbleProps {
  /** From this side (sent) or from the other. */
  side: 'mine' | 'theirs'
  /** The small line at its end: time, ticks. */
  foot?: ReactNode
  children: ReactNode
}

/** One message in a chat. */
export function Bubble({ side, foot, children }: BubbleProps) {
  return (
    <div className={classes.bubble} data-side={side}>
      {children}
      {foot !== undefined && <div className={classes.foot}>{foot}</div>}
    </div>
  )
}
