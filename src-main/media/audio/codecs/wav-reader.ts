import { unreadable, type Block } from '../pcm-block.ts'

interface Layout {
  readonly channels: number
  readonly sampleRate: number
  readonly bytesPerSample: number
  readonly read: (bytes: Buffer, at: number) => number
}

/** Reads RIFF WAVE piece by piece: whole numbers of 8 to 32 bits, floats, A-law, µ-law. */
export class WavReader {
  #rest: Buffer = Buffer.alloc(0)
  #layout: Layout | null = null
  /** Bytes of the data chunk that are still to come; null before it begins. */
  #left: number | null = null

  push(chunk: Uint8Array): Block | null {
    this.#rest = Buffer.concat([this.#rest, chunk])
    if (this.#left === null && !this.#findData()) return null
    const layout = this.#layout
    if (layout === null) throw unreadable('its header is missing')
    const frame = layout.bytesPerSample * layout.channels
    const usable = Math.min(this.#rest.length, this.#left ?? 0)
    const frames = Math.floor(usable / frame)
    if (frames === 0) return null
    const bytes = this.#rest.subarray(0, frames * frame)
    this.#rest = this.#rest.subarray(frames * frame)
    this.#left = (this.#left ?? 0) - frames * frame
    return { sampleRate: layout.sampleRate, channels: separate(bytes, frames, layout) }
  }

  /** Walks the chunks up to the sound itself. False: more bytes are needed. */
  #findData(): boolean {
    // From the beginning each time: nothing is taken from it before the sound.
    let at = this.#rest.toString('latin1', 0, 4) === 'RIFF' ? 12 : 0
    for (; at + 8 <= this.#rest.length;) {
      const type = this.#rest.toString('latin1', at, at + 4)
      const length = this.#rest.readUInt32LE(at + 4)
      if (type === 'data') {
        // Writers to a pipe leave the length 0 or at its highest: then it is all that comes.
        this.#left = length === 0 || length >= 0x7f_ff_ff_ff ? Number.POSITIVE_INFINITY : length
        this.#rest = this.#rest.subarray(at + 8)
        return true
      }
      const end = at + 8 + length + (length & 1)
      if (end > this.#rest.length) break
      if (type === 'fmt ') this.#layout = layoutOf(this.#rest.subarray(at + 8, at + 8 + length))
      at = end
    }
    if (this.#rest.length > maxHeaderBytes) throw unreadable('its header does not end')
    return false
  }
}

const maxHeaderBytes = 4 * 1_048_576

function layoutOf(format: Buffer): Layout {
  if (format.length < 16) throw unreadable('its header is too short')
  const extensible = format.readUInt16LE(0) === 0xff_fe && format.length >= 26
  const code = format.readUInt16LE(extensible ? 24 : 0)
  const channels = format.readUInt16LE(2)
  const bits = format.readUInt16LE(14)
  const read = readers[`${code}/${bits}`]
  if (read === undefined || channels < 1 || channels > 32)
    throw unreadable(`its coding (${code}, ${bits} bits) is not read`)
  return { channels, sampleRate: format.readUInt32LE(4), bytesPerSample: bits / 8, read }
}

/** By format code and bits: 1 whole numbers, 3 floats, 6 A-law, 7 µ-law. */
const readers: Readonly<Record<string, Layout['read']>> = {
  '1/8': (bytes, at) => (bytes.readUInt8(at) - 128) / 128,
  '1/16': (bytes, at) => bytes.readInt16LE(at) / 32_768,
  '1/24': (bytes, at) => bytes.readIntLE(at, 3) / 8_388_608,
  '1/32': (bytes, at) => bytes.readInt32LE(at) / 2_147_483_648,
  '3/32': (bytes, at) => finite(bytes.readFloatLE(at)),
  '3/64': (bytes, at) => finite(bytes.readDoubleLE(at)),
  '6/8': (bytes, at) => aLaw(bytes.readUInt8(at)),
  '7/8': (bytes, at) => muLaw(bytes.readUInt8(at)),
}

const finite = (value: number): number => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0)

/** ITU-T G.711. */
function aLaw(byte: number): number {
  const value = byte ^ 0x55
  const exponent = (value >> 4) & 7
  const mantissa = (value & 15) * 2 + 1
  const size = exponent === 0 ? mantissa : (mantissa + 32) * 2 ** (exponent - 1)
  return ((value & 0x80 ? 1 : -1) * size) / 4_096
}

function muLaw(byte: number): number {
  const value = ~byte & 0xff
  const size = ((value & 15) * 2 + 33) * 2 ** ((value >> 4) & 7) - 33
  return ((value & 0x80 ? -1 : 1) * size) / 8_192
}

function separate(bytes: Buffer, frames: number, { channels, bytesPerSample, read }: Layout): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(frames)
    for (let frame = 0; frame < frames; frame += 1) {
      samples[frame] = read(bytes, (frame * channels + channel) * bytesPerSample)
    }
    return samples
  })
}
