/** How many bars a phone draws. */
const bars = 64

/** The picture of a sound's loudness that phones draw for a voice note: 64 bytes from 0 to 100. */
export class Waveform {
  readonly #blockSize: number
  readonly #levels: number[] = []
  #sum = 0
  #count = 0

  /** `blockSize` samples share one level; blocks are then shared out among the bars. */
  constructor(blockSize: number) {
    this.#blockSize = blockSize
  }

  push(samples: Float32Array): void {
    for (const sample of samples) {
      this.#sum += Math.abs(sample)
      this.#count += 1
      if (this.#count === this.#blockSize) this.#close()
    }
  }

  bars(): Uint8Array {
    if (this.#count > 0) this.#close()
    const levels = Array.from({ length: bars }, (_, bar) => this.#meanOf(bar))
    const loudest = Math.max(...levels)
    return Uint8Array.from(levels, (level) => (loudest === 0 ? 0 : Math.round((level / loudest) * 100)))
  }

  #close(): void {
    this.#levels.push(this.#sum / this.#count)
    this.#sum = 0
    this.#count = 0
  }

  #meanOf(bar: number): number {
    const from = Math.floor((bar * this.#levels.length) / bars)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * this.#levels.length) / bars))
    const part = this.#levels.slice(from, to)
    return part.length === 0 ? 0 : part.reduce((sum, level) => sum + level, 0) / part.length
  }
}
