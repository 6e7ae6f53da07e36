import { CopyButton } from './copy-button.tsx'
import classes from './code-block.module.css'

/** Code to copy; scrolls within itself, also by keys. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className={classes.block}>
      <pre className={classes.code} tabIndex={0} role="region" aria-label={label}>
        <code>{code}</code>
      </pre>
      <div className={classes.copy}>
        <CopyButton text={code} />
      </div>
    </div>
  )
}
