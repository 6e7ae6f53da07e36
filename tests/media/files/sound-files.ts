/** A sound like a voice: syllables of gliding pitch with overtones. The same at every rate. */
export function makeVoice(seconds: number, sampleRate: number): Float32Array {
  const samples = new Float32Array(Math.round(seconds * sampleRate))
  for (let at = 0; at < samples.length; at += 1) {
    const time = at / sampleRate
    // The integral of a pitch of 150 Hz that glides by 40 and 25 Hz: summed up, it would depend on the rate.
    const turns = 150 * time - (40 * Math.cos(4.4 * time)) / 4.4 - (25 * Math.cos(12 * time)) / 12
    const phase = 2 * Math.PI * turns
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 1.7 * time + Math.sin(time)))
    const colour = 0.5 + 0.5 * Math.sin(2 * Math.PI * 0.9 * time)
    const overtones = [1, 0.7, 0.5 * colour, 0.35, 0.2 * (1 - colour), 0.12, 0.08]
    const tone = overtones.reduce((sum, weight, index) => sum + weight * Math.sin(phase * (index + 1)), 0)
    samples[at] = 0.25 * syllable * tone
  }
  return samples
}

export interface WavOptions {
  sampleRate: number
  channels?: number
  /** As in the header: 1 whole numbers, 3 floats. */
  code?: 1 | 3
  bits?: 8 | 16 | 24 | 32
  /** Claims no length, as writers to a pipe do. */
  open?: boolean
  /** Bytes of a chunk before the sound: a picture of the album, the notes of a studio. */
  before?: number
}

/** A WAV file of that sound on every channel. */
export function makeWav(samples: Float32Array, wish: WavOptions): Buffer {
  const { sampleRate, channels = 1, code = 1, bits = 16, before = 0 } = wish
  const bytes = bits / 8
  const data = Buffer.alloc(samples.length * channels * bytes)
  samples.forEach((sample, at) => {
    for (let channel = 0; channel < channels; channel += 1) {
      writeSample(data, (at * channels + channel) * bytes, sample, code, bits)
    }
  })
  const header = Buffer.alloc(36)
  header.write('RIFF', 0, 'latin1')
  const notes = before === 0 ? Buffer.alloc(0) : wavChunk('id3 ', before, Buffer.alloc(before))
  header.writeUInt32LE(wish.open ? 0 : 36 + notes.length + data.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(code, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * channels * bytes, 28)
  header.writeUInt16LE(channels * bytes, 32)
  header.writeUInt16LE(bits, 34)
  return Buffer.concat([header, notes, wavChunk('data', wish.open ? 0xff_ff_ff_ff : data.length, data)])
}

function wavChunk(type: string, length: number, content: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write(type, 0, 'latin1')
  header.writeUInt32LE(length, 4)
  return Buffer.concat([header, content])
}

function writeSample(data: Buffer, at: number, sample: number, code: 1 | 3, bits: 8 | 16 | 24 | 32): void {
  if (code === 3) data.writeFloatLE(sample, at)
  else if (bits === 8) data.writeUInt8(Math.round(sample * 127) + 128, at)
  else data.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, bits / 8)
}

/**
 * How alike two sounds are, from -1 to 1, once the second is moved by up to `reach` samples to where it fits
 * best: encoders delay what they encode.
 */
export function likeness(a: Float32Array, b: Float32Array, reach: number): number {
  let best = { shift: 0, value: -1 }
  for (let shift = -reach; shift <= reach; shift += 1) {
    const value = correlation(a, b, shift, 7)
    if (value > best.value) best = { shift, value }
  }
  return correlation(a, b, best.shift, 1)
}

function correlation(a: Float32Array, b: Float32Array, shift: number, step: number): number {
  const from = Math.max(0, -shift)
  const to = Math.min(a.length, b.length - shift)
  let product = 0
  let powerA = 0
  let powerB = 0
  for (let at = from; at < to; at += step) {
    const x = a[at] as number
    const y = b[at + shift] as number
    product += x * y
    powerA += x * x
    powerB += y * y
  }
  return product / Math.sqrt(powerA * powerB || 1)
}

/** Mono FLAC at 16 kHz of so many frames of silence, each four seconds in 13 or 14 bytes; at most 2,047. */
export function makeSilentFlac(frames: number): Buffer {
  const stream = Buffer.alloc(34)
  stream.writeUInt16BE(maxFlacFrameBytes, 0)
  stream.writeUInt16BE(maxFlacFrameBytes, 2)
  stream.writeUInt32BE(((16_000 << 12) | (15 << 4)) >>> 0, 10)
  const parts = [Buffer.from('fLaC'), Buffer.from([0x80, 0, 0, 34]), stream]
  for (let frame = 0; frame < frames; frame += 1) parts.push(silentFlacFrame(frame))
  return Buffer.concat(parts)
}

/** In samples. */
export const maxFlacFrameBytes = 65_535

function silentFlacFrame(number: number) {
  const coded = number < 128 ? [number] : [0xc0 | (number >> 6), 0x80 | (number & 0x3f)]
  const header = [0xff, 0xf8, 0x75, 0x08, ...coded, 0xff, 0xfe]
  const constantZero = [0, 0, 0]
  const frame = [...header, checkOf(header, 8, 0x07), ...constantZero]
  const check = checkOf(frame, 16, 0x80_05)
  return Buffer.from([...frame, check >> 8, check & 0xff])
}

/** A cyclic redundancy check of 8 or 16 bits. */
function checkOf(bytes: readonly number[], bits: 8 | 16, polynomial: number): number {
  const mask = 2 ** bits - 1
  let check = 0
  for (const byte of bytes) {
    check ^= byte << (bits - 8)
    for (let bit = 0; bit < 8; bit += 1) {
      check = (check >> (bits - 1)) & 1 ? ((check << 1) ^ polynomial) & mask : (check << 1) & mask
    }
  }
  return check
}

/** An AIFF of 16 bits, mono; `coding` makes it an AIFF-C. */
export function makeAiff(
  samples: Float32Array,
  sampleRate: number,
  coding: 'NONE' | 'sowt' | 'fl32' | null = null,
): Buffer {
  const bytes = coding === 'fl32' ? 4 : 2
  const sound = Buffer.alloc(samples.length * bytes)
  samples.forEach((sample, index) => {
    if (coding === 'fl32') sound.writeFloatBE(sample, index * 4)
    else if (coding === 'sowt') sound.writeInt16LE(Math.round(sample * 32_767), index * 2)
    else sound.writeInt16BE(Math.round(sample * 32_767), index * 2)
  })
  const common = Buffer.alloc(18)
  common.writeUInt16BE(1, 0)
  common.writeUInt32BE(samples.length, 2)
  common.writeUInt16BE(bytes * 8, 6)
  common.writeUInt32BE(sampleRate * 2 ** Math.clz32(sampleRate), 10)
  // The exponent says where the first of the 32 bits stands.
  common.writeUInt16BE(16_383 + 31 - Math.clz32(sampleRate), 8)
  const chunk = (type: string, ...content: Buffer[]): Buffer => {
    const body = Buffer.concat(content)
    const head = Buffer.alloc(8)
    head.write(type, 'latin1')
    head.writeUInt32BE(body.length, 4)
    return Buffer.concat([head, body, Buffer.alloc(body.length & 1)])
  }
  const name = coding === null ? [] : [Buffer.from(coding), Buffer.from('\0\0')]
  const chunks = [chunk('COMM', common, ...name), chunk('SSND', Buffer.alloc(8), sound)]
  return chunk('FORM', Buffer.from(coding === null ? 'AIFF' : 'AIFC'), ...chunks)
}
