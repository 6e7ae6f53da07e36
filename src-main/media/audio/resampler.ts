/** Zero crossings of the sinc kept on each side: 60 dB and more of what would fold back is taken out. */
const crossings = 16
/** Where the pass band ends, as a part of the lower of the two rates' half. */
const passBand = 0.92
/** Rates without a small common ratio share so many phases; the error is far below 16 bits. */
const maxPhases = 512

/**
 * Changes the sample rate of one channel, piece by piece: a windowed sinc, its taps computed once for each phase
 * that the two rates have against each other. Input and output begin at the same instant.
 */
export class Resampler {
  readonly #up: number
  readonly #down: number
  readonly #half: number
  readonly #phases: number
  readonly #taps: Float32Array[]
  /** Samples not used up yet; the first `half` of the whole stream are the silence before it. */
  #pending: Float32Array
  #index = 0
  #phase = 0

  constructor(from: number, to: number) {
    const divisor = commonDivisor(from, to)
    this.#up = to / divisor
    this.#down = from / divisor
    const cutoff = Math.min(1, to / from) * passBand
    this.#half = Math.ceil(crossings / cutoff)
    this.#phases = Math.min(this.#up, maxPhases)
    this.#taps = Array.from({ length: this.#phases + 1 }, (_, phase) =>
      tapsAt(phase / this.#phases, this.#half, cutoff),
    )
    this.#pending = new Float32Array(this.#half - 1)
  }

  /** The output that the input so far determines. */
  push(samples: Float32Array): Float32Array {
    const concatenated = new Float32Array(this.#pending.length + samples.length)
    concatenated.set(this.#pending)
    concatenated.set(samples, this.#pending.length)
    return this.#run(concatenated)
  }

  /** The rest, as if silence followed. */
  end(): Float32Array {
    return this.push(new Float32Array(this.#half))
  }

  #run(input: Float32Array): Float32Array {
    const width = this.#half * 2
    const output = new Float32Array(Math.ceil(((input.length - this.#index) * this.#up) / this.#down) + 1)
    let written = 0
    while (this.#index + width <= input.length) {
      const taps = this.#taps[Math.round((this.#phase * this.#phases) / this.#up)] as Float32Array
      let sum = 0
      for (let at = 0; at < width; at += 1) sum += (taps[at] as number) * (input[this.#index + at] as number)
      output[written++] = sum
      this.#phase += this.#down
      this.#index += Math.floor(this.#phase / this.#up)
      this.#phase %= this.#up
    }
    this.#pending = input.slice(Math.min(this.#index, input.length))
    this.#index = Math.max(0, this.#index - input.length)
    return output.subarray(0, written)
  }
}

/** The weights of 2 × half samples around a point `fraction` behind the middle one, together 1. */
function tapsAt(fraction: number, half: number, cutoff: number): Float32Array {
  const taps = new Float64Array(half * 2)
  for (let at = 0; at < taps.length; at += 1) {
    const distance = at - (half - 1) - fraction
    taps[at] = sinc(distance * cutoff) * window(distance / half)
  }
  const sum = taps.reduce((total, tap) => total + tap, 0)
  return Float32Array.from(taps, (tap) => tap / sum)
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** Blackman's, from -1 to 1. */
function window(x: number): number {
  if (Math.abs(x) >= 1) return 0
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x)
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
