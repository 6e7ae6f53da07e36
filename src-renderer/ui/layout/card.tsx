import type { ReactNode } from 'react'
import classes from './card.module.css'

/** A card; with `title` it is a region that a screen reader can jump to. */
export function Card({ title, intro, action, children }: CardProps) {
  if (title === undefined) return <div className={classes.surface}>{children}</div>
  return (
    <section className={classes.surface} aria-label={title}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{title}</h2>
          {intro !== undefined && <p className={classes.intro}>{intro}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

interface CardProps {
  title?: string
  intro?: string
  action?: ReactNode
  children: ReactNode
}
