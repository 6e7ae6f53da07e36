import { useMemo } from 'react'
import { encode } from 'uqr'
import classes from './qr-code.module.css'

/** A QR code, dark on white in both themes: phones read nothing else reliably. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => drawing(text), [text])
  return (
    <svg
      className={classes.code}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      data-qr={text}
    >
      <path d={path} />
    </svg>
  )
}

/** One square a dark module, rows joined where they can be. */
function drawing(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'L', border: 3 })
  const squares: string[] = []
  data.forEach((row, y) =>
    row.forEach((isDark, x) => {
      if (isDark) squares.push(`M${x} ${y}h1v1h-1z`)
    }),
  )
  return { size, path: squares.join('') }
}
