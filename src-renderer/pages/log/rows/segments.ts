/**
 * The log as runs of sequences, newest first: what lets a million rows be scrolled and jumped through with
 * key-set paging only. A segment covers the sequences below `before` and above `after`; how many rows that
 * really are is known once it was loaded, and is guessed from the sequences until then.
 */
export interface Segment {
  readonly before: number
  readonly after: number
  readonly count: number
}

export const segmentSize = 100

/** Segments for all sequences from `newest` down to `oldest`, both included. */
export function segmentsBetween(newest: number, oldest: number): Segment[] {
  const segments: Segment[] = []
  for (let top = newest; top >= oldest; top -= segmentSize) {
    const after = Math.max(oldest - 1, top - segmentSize)
    segments.push({ before: top + 1, after, count: top - after })
  }
  return segments
}

/** The index of each segment's first row, and after those the number of all rows. */
export function startsOf(segments: readonly Segment[]): number[] {
  const starts = [0]
  for (const { count } of segments) starts.push((starts.at(-1) ?? 0) + count)
  return starts
}

/** Which segment holds a row, by bisection of `starts`; -1 where there is no such row. */
export function segmentAt(starts: readonly number[], row: number): number {
  const total = starts.at(-1) ?? 0
  if (row < 0 || row >= total) return -1
  let low = 0
  let high = starts.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= row) low = middle
    else high = middle - 1
  }
  return low
}
