import type { FileHandle } from 'node:fs/promises'

/** The sound of an AIFF or AIFF-C file (Apple, "Audio Interchange File Format AIFF-C", 1991). */
export interface Aiff {
  readonly channels: number
  readonly sampleRate: number
  readonly bitsPerSample: number
  readonly isFloat: boolean
  readonly isLittleEndian: boolean
  readonly start: number
  readonly bytes: number
}

const maxChunks = 1_000

/** null where its description or its sound is missing, or is compressed in a way that is not read. */
export async function readAiff(file: FileHandle): Promise<Aiff | null> {
  const { size } = await file.stat()
  const header = Buffer.alloc(8)
  let common: Buffer | null = null
  let data: { start: number; bytes: number } | null = null
  for (let at = 12, chunks = 0; at + 8 <= size && chunks < maxChunks; chunks += 1) {
    await file.read(header, 0, 8, at)
    const type = header.toString('latin1', 0, 4)
    const bytes = Math.min(header.readUInt32BE(4), size - at - 8)
    if (type === 'COMM') {
      common = Buffer.alloc(Math.min(bytes, 22))
      await file.read(common, 0, common.length, at + 8)
    } else if (type === 'SSND') data = { start: at + 16, bytes: Math.max(0, bytes - 8) }
    at += 8 + bytes + (bytes & 1)
  }
  if (common === null || common.length < 18 || data === null) return null
  const coding = common.length >= 22 ? common.toString('latin1', 18, 22).toLowerCase() : 'none'
  const known = codings[coding]
  if (known === undefined) return null
  return {
    ...data,
    ...known,
    channels: common.readUInt16BE(0),
    bitsPerSample: known.bitsPerSample ?? common.readUInt16BE(6),
    sampleRate: extended(common.subarray(8, 18)),
  }
}

const whole = { isFloat: false, isLittleEndian: false }
const codings: Readonly<
  Record<string, { isFloat: boolean; isLittleEndian: boolean; bitsPerSample?: number } | undefined>
> = {
  none: whole,
  twos: whole,
  sowt: { isFloat: false, isLittleEndian: true },
  fl32: { isFloat: true, isLittleEndian: false, bitsPerSample: 32 },
  fl64: { isFloat: true, isLittleEndian: false, bitsPerSample: 64 },
}

/** IEEE 754's 80 bits: 15 of exponent, 64 of fraction without the hidden one. */
function extended(bytes: Buffer): number {
  const exponent = (bytes.readUInt16BE(0) & 0x7f_ff) - 16_383
  return Number(bytes.readBigUInt64BE(2)) * 2 ** (exponent - 63)
}
