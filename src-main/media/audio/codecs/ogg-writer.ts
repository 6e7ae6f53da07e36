/** What is written once in front of the sound (RFC 7845, 5). */
export interface OpusHeader {
  readonly channels: number
  /** Samples at 48 kHz that a player drops at the beginning: the encoder's delay. */
  readonly preSkip: number
  /** Of the sound before it was encoded, in Hz; informative. */
  readonly sampleRate: number
}

/** Packets that share a page: about a second of sound, so that a player can seek. */
const packetsPerPage = 48
/** RFC 3533, 6: a page has a byte for their number. */
const maxLacing = 255

/** Writes Ogg Opus page by page to `write`. One stream, its positions counted at 48 kHz whatever the rate was. */
export class OggOpusWriter {
  readonly #write: (page: Buffer) => void
  readonly #serial: number
  readonly #packets: Uint8Array[] = []
  #sequence = 0
  /** Numbers that say how long the packets of this page are: one, and one more for each 255 bytes. */
  #lacing = 0
  #position: number

  constructor(header: OpusHeader, serial: number, write: (page: Buffer) => void) {
    this.#write = write
    this.#serial = serial
    this.#position = 0
    this.#page([headPacket(header)], 0, beginOfStream)
    this.#page([tagsPacket()], 0, 0)
  }

  /** `samples` of sound at 48 kHz, the dropped ones counted. */
  packet(packet: Uint8Array, samples: number): void {
    const lacing = Math.floor(packet.length / 255) + 1
    const isFull = this.#packets.length === packetsPerPage || this.#lacing + lacing > maxLacing
    if (isFull && this.#packets.length > 0) this.#flush(this.#position, 0)
    this.#packets.push(packet)
    this.#lacing += lacing
    this.#position += samples
  }

  /** Ends the stream at `position`, which cuts what the last packet holds beyond it. */
  end(position: number): void {
    this.#flush(position, endOfStream)
  }

  #flush(position: number, flags: number): void {
    this.#lacing = 0
    this.#page(this.#packets.splice(0), position, flags)
  }

  /** RFC 3533, 6. */
  #page(packets: readonly Uint8Array[], position: number, flags: number): void {
    const lacing = packets.flatMap(({ length }) => [
      ...Array.from({ length: Math.floor(length / 255) }, () => 255),
      length % 255,
    ])
    const header = Buffer.alloc(27)
    header.write('OggS', 'latin1')
    header[5] = flags
    header.writeBigUInt64LE(BigInt(position), 6)
    header.writeUInt32LE(this.#serial, 14)
    header.writeUInt32LE(this.#sequence++, 18)
    header[26] = lacing.length
    const page = Buffer.concat([header, Buffer.from(lacing), ...packets])
    page.writeUInt32LE(checksum(page), 22)
    this.#write(page)
  }
}

const beginOfStream = 2
const endOfStream = 4

function headPacket({ channels, preSkip, sampleRate }: OpusHeader): Buffer {
  const packet = Buffer.alloc(19)
  packet.write('OpusHead', 'latin1')
  packet[8] = 1
  packet[9] = channels
  packet.writeUInt16LE(preSkip, 10)
  packet.writeUInt32LE(sampleRate, 12)
  return packet
}

function tagsPacket(): Buffer {
  const vendor = Buffer.from('Kurir')
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32LE(vendor.length)
  return Buffer.concat([Buffer.from('OpusTags'), lengths.subarray(0, 4), vendor, lengths.subarray(4)])
}

const polynomial = 0x04_c1_1d_b7
const checksums = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80_00_00_00 ? (value << 1) ^ polynomial : value << 1
  return value >>> 0
})

/** Ogg's own CRC: not reflected, beginning with 0. */
export function checksum(page: Uint8Array): number {
  let value = 0
  for (const byte of page) value = (value << 8) ^ (checksums[((value >>> 24) ^ byte) & 0xff] as number)
  return value >>> 0
}
