import type { FileHandle } from 'node:fs/promises'

/** A Core Audio file, as iPhones and Macs record (Apple Core Audio Format Specification 1.0). */
export interface Caf {
  readonly sampleRate: number
  /** As `opus`, `alac`, `lpcm`. */
  readonly codec: string
  readonly flags: number
  /** Samples of a packet, and its bytes; 0 where each packet has its own. */
  readonly samplesPerPacket: number
  readonly bytesPerPacket: number
  readonly channels: number
  readonly bitsPerSample: number
  /** The codec's own setup; empty where there is none. */
  readonly setup: Buffer
  /** Where the sound stands. */
  readonly start: number
  readonly bytes: number
  readonly primingSamples: number
  /** Samples that are meant to be heard; null where it is not said. */
  readonly validSamples: number | null
  /** Bytes of each packet, where they differ. */
  readonly packetBytes: readonly number[]
}

const maxChunks = 1_000
const maxTableBytes = 16 * 1_048_576

/** null where its description or its sound is missing. */
export async function readCaf(file: FileHandle): Promise<Caf | null> {
  const { size } = await file.stat()
  const header = Buffer.alloc(12)
  let description: Buffer | null = null
  let setup = Buffer.alloc(0)
  let table: Buffer | null = null
  let data: { start: number; bytes: number } | null = null
  for (let at = 8, chunks = 0; at + 12 <= size && chunks < maxChunks; chunks += 1) {
    await file.read(header, 0, 12, at)
    const type = header.toString('latin1', 0, 4)
    const said = Number(header.readBigInt64BE(4))
    const bytes = said < 0 ? size - at - 12 : Math.min(said, size - at - 12)
    if (type === 'data') data = { start: at + 16, bytes: Math.max(0, bytes - 4) }
    else if (bytes <= maxTableBytes && ['desc', 'kuki', 'pakt'].includes(type)) {
      const content = Buffer.alloc(bytes)
      await file.read(content, 0, bytes, at + 12)
      if (type === 'desc') description = content
      else if (type === 'kuki') setup = content
      else table = content
    }
    at += 12 + bytes
  }
  if (description === null || description.length < 32 || data === null) return null
  const samplesPerPacket = description.readUInt32BE(20)
  const hasTable = table !== null && table.length >= 24
  return {
    ...data,
    setup,
    sampleRate: description.readDoubleBE(0),
    codec: description.toString('latin1', 8, 12),
    flags: description.readUInt32BE(12),
    bytesPerPacket: description.readUInt32BE(16),
    samplesPerPacket,
    channels: description.readUInt32BE(24),
    bitsPerSample: description.readUInt32BE(28),
    validSamples: hasTable ? Number(table?.readBigInt64BE(8)) : null,
    primingSamples: hasTable ? Math.max(0, table?.readInt32BE(16) ?? 0) : 0,
    packetBytes: hasTable ? sizesIn(table?.subarray(24) ?? Buffer.alloc(0), samplesPerPacket === 0) : [],
  }
}

/** Numbers in groups of seven bits; where packets differ in length, each size is followed by its samples. */
function sizesIn(table: Buffer, hasSamples: boolean): number[] {
  const numbers: number[] = []
  let value = 0
  for (const byte of table) {
    value = (value * 128 + (byte & 0x7f)) % 2 ** 32
    if ((byte & 0x80) !== 0) continue
    numbers.push(value)
    value = 0
  }
  return hasSamples ? numbers.filter((_, index) => index % 2 === 0) : numbers
}

/** The packets in order; where the file is cut short they end. */
export async function* readCafPackets(file: FileHandle, caf: Caf): AsyncGenerator<Buffer> {
  const end = caf.start + caf.bytes
  let at = caf.start
  for (let index = 0; at < end; index += 1) {
    const bytes = caf.bytesPerPacket || caf.packetBytes[index] || 0
    if (bytes === 0 || at + bytes > end) return
    const packet = Buffer.alloc(bytes)
    await file.read(packet, 0, bytes, at)
    yield packet
    at += bytes
  }
}
