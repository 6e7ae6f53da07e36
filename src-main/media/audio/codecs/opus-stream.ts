import { unreadable, type Block } from '../pcm-block.ts'
import { OggReader } from './ogg-reader.ts'

const tags = Buffer.from('OpusTags')

/**
 * The sound of an Ogg Opus file, cut at both ends as the file says (RFC 7845, 4): what the encoder's delay put in
 * front, and what the last packet holds beyond the end.
 */
export class OpusStream {
  readonly #reader = new OggReader()
  readonly #rate: number
  readonly #decode: (packet: Uint8Array) => Float32Array
  #preSkip: number | null = null
  #toSkip = 0
  /** The sound of the newest packet: it may be the last, and too long. */
  #held = new Float32Array(0)
  #given = 0

  constructor(rate: 16_000 | 48_000, decode: (packet: Uint8Array) => Float32Array) {
    this.#rate = rate
    this.#decode = decode
  }

  push(chunk: Uint8Array): Block | null {
    const pieces: Float32Array[] = []
    for (const packet of this.#reader.push(chunk)) {
      if (this.#preSkip === null) this.#begin(packet)
      else if (packet.length > 0 && !packet.subarray(0, 8).equals(tags)) {
        pieces.push(this.#held)
        this.#given += this.#held.length
        this.#held = this.#skipped(this.#decode(packet))
      }
    }
    return pieces.length === 0 ? null : this.#block(pieces)
  }

  end(): Block {
    const last = Number(this.#reader.position) - (this.#preSkip ?? 0)
    const left = Math.round((last * this.#rate) / 48_000) - this.#given
    const cut = left > 0 && left < this.#held.length ? left : this.#held.length
    return this.#block([this.#held.subarray(0, cut)])
  }

  #begin(packet: Buffer): void {
    const isHeader = packet.toString('latin1', 0, 8) === 'OpusHead' && packet.length >= 19
    if (!isHeader) throw unreadable('its header is missing')
    // More than two channels are several streams in one packet.
    if (packet[18] !== 0) throw unreadable('it has more than two channels')
    this.#preSkip = packet.readUInt16LE(10)
    this.#toSkip = Math.round((this.#preSkip * this.#rate) / 48_000)
  }

  #skipped(sound: Float32Array): Float32Array<ArrayBuffer> {
    const skipped = Math.min(this.#toSkip, sound.length)
    this.#toSkip -= skipped
    return sound.slice(skipped)
  }

  #block(pieces: readonly Float32Array[]): Block {
    const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const piece of pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    return { sampleRate: this.#rate, channels: [whole] }
  }
}
