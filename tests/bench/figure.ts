import type { FigureName } from './goals.ts'

/** What one side of a comparison measured, a value for each round. */
export interface Side {
  label: string
  unit: string
  samples: number[]
}

/** One figure as it came out of a run. */
export interface Outcome {
  name: FigureName
  /** The figure itself, a value for each pair. */
  samples: number[]
  /** The absolute values that it comes from, for the page and its plot. */
  sides: Side[]
  /** What else has to hold for the goal, where anything does. */
  alsoMet?: boolean
  /** What a reader has to know of how it was measured. */
  notes?: string[]
}

/** What a run asks of every figure. */
export interface Effort {
  /** Pairs A B. */
  rounds: number
  /** Shorter measurements; no 500 devices and no million rows. */
  quick: boolean
  /** For what takes a while. */
  say: (line: string) => void
}

export interface Figure {
  names: readonly FigureName[]
  measure(effort: Effort): Promise<Outcome[]>
}
