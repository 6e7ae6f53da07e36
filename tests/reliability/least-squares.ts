/** A straight line through points, and how sure its slope is. */
export interface Line {
  /** Of y for one of x. */
  slope: number
  /** The ends of the slope's 95 % confidence interval. */
  low: number
  high: number
  mean: number
}

/** Fits by ordinary least squares. Fewer than three points say nothing: their interval is without ends. */
export function fitLine(points: readonly { x: number; y: number }[]): Line {
  const count = points.length
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count
  const mean = points.reduce((sum, { y }) => sum + y, 0) / count
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const together = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - mean), 0)
  const slope = spread === 0 ? 0 : together / spread
  if (count < 3 || spread === 0) return { slope, low: -Infinity, high: Infinity, mean }
  const left = points.reduce((sum, { x, y }) => sum + (y - mean - slope * (x - meanX)) ** 2, 0)
  const error = Math.sqrt(left / (count - 2) / spread)
  const reach = studentT975(count - 2) * error
  return { slope, low: slope - reach, high: slope + reach, mean }
}

const normal975 = 1.959963985
/** Exact for few degrees of freedom, where the expansion below is too coarse. */
const few = [12.7062, 4.3027, 3.1824, 2.7764]

/** The 97.5 % quantile of Student's t, by the expansion around the normal one (Abramowitz and Stegun 26.7.5). */
export function studentT975(degrees: number): number {
  const exact = few[degrees - 1]
  if (exact !== undefined) return exact
  const z = normal975
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3
}
