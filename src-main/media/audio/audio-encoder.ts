import { Application, Bandwidth, Signal, createEncoder, type OpusEncoderHandle } from 'libopus-wasm'
import { joinFrames } from './codecs/opus-packet.ts'
import { OggOpusWriter } from './codecs/ogg-writer.ts'

/** What a sound is made into. */
export type Shape = 'voice' | 'music'

interface Recipe {
  readonly sampleRate: 16_000 | 48_000
  /** Frames of 20 ms that share a packet. */
  readonly framesPerPacket: number
  readonly create: () => Promise<OpusEncoderHandle>
}

/** Of 10: half the work of the highest, and no difference that can be heard. */
const complexity = 5

/**
 * A voice note is what phones record themselves: 16 kHz, SILK wide band throughout, three frames a packet. Music
 * is for sounds that are played as files: the whole band.
 */
export const recipes: Readonly<Record<Shape, Recipe>> = {
  voice: {
    sampleRate: 16_000,
    framesPerPacket: 3,
    create: () =>
      createEncoder({
        sampleRate: 16_000,
        channels: 1,
        frameSize: 320,
        // Not Voip: it filters low voices, and a recording is not a call.
        application: Application.Audio,
        signal: Signal.Voice,
        maxBandwidth: Bandwidth.Wideband,
        bitrate: 32_000,
        complexity,
      }),
  },
  music: {
    sampleRate: 48_000,
    framesPerPacket: 1,
    create: () =>
      createEncoder({
        sampleRate: 48_000,
        channels: 1,
        frameSize: 960,
        application: Application.Audio,
        bitrate: 80_000,
        complexity,
      }),
  },
}

/** Encodes mono sound of the recipe's rate to Ogg Opus, piece by piece. */
export class Encoder {
  readonly #encoder: OpusEncoderHandle
  readonly #ogg: OggOpusWriter
  readonly #recipe: Recipe
  readonly #preSkip: number
  readonly #perSample: number
  #frame: Float32Array
  #filled = 0
  #frames: Uint8Array[] = []
  #samples = 0

  constructor(recipe: Recipe, encoder: OpusEncoderHandle, serial: number, write: (page: Buffer) => void) {
    this.#recipe = recipe
    this.#encoder = encoder
    this.#perSample = 48_000 / recipe.sampleRate
    this.#preSkip = encoder.getLookahead() * this.#perSample
    this.#frame = new Float32Array(encoder.frameSize)
    const header = { channels: 1, preSkip: this.#preSkip, sampleRate: recipe.sampleRate }
    this.#ogg = new OggOpusWriter(header, serial, write)
  }

  /** Of sound taken in so far. */
  get seconds(): number {
    return this.#samples / this.#recipe.sampleRate
  }

  push(samples: Float32Array): void {
    this.#samples += samples.length
    this.#take(samples)
  }

  /** Pushes out what the encoder still holds, and cuts the silence that this took. */
  end(): void {
    const packet = this.#encoder.frameSize * this.#recipe.framesPerPacket
    const needed = this.#samples + this.#preSkip / this.#perSample
    this.#take(new Float32Array(Math.ceil(needed / packet) * packet - this.#samples))
    this.#ogg.end(this.#preSkip + this.#samples * this.#perSample)
    this.#encoder.free()
  }

  #take(samples: Float32Array): void {
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + this.#frame.length - this.#filled)
      this.#frame.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
      if (this.#filled === this.#frame.length) this.#encode()
    }
  }

  #encode(): void {
    this.#filled = 0
    this.#frames.push(this.#encoder.encodeFloat(this.#frame))
    const { framesPerPacket } = this.#recipe
    if (this.#frames.length < framesPerPacket) return
    const packet = framesPerPacket === 1 ? (this.#frames[0] as Uint8Array) : joinFrames(this.#frames)
    this.#ogg.packet(packet, this.#frame.length * framesPerPacket * this.#perSample)
    this.#frames = []
  }
}
