import { NOISE_WA_HEADER } from '@whiskeysockets/baileys'

const maximumFrameBytes = 0xffffff

/**
 * Cuts a client's bytes into frames: first the intro (`WA` and the protocol's version, optionally preceded
 * by `ED 00 01`, a 24-bit length and that many bytes of routing), then frames of a 24-bit length each.
 */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0)
  #introduced = false

  /** The frames that are complete now. Throws where the intro is not WhatsApp's. */
  read(more: Buffer): Buffer[] {
    this.#bytes = this.#bytes.length === 0 ? more : Buffer.concat([this.#bytes, more])
    if (!this.#introduced && !this.#readIntro()) return []
    const frames: Buffer[] = []
    for (;;) {
      if (this.#bytes.length < 3) return frames
      const length = this.#bytes.readUIntBE(0, 3)
      if (this.#bytes.length < 3 + length) return frames
      frames.push(this.#bytes.subarray(3, 3 + length))
      this.#bytes = this.#bytes.subarray(3 + length)
    }
  }

  #readIntro(): boolean {
    const start = this.#routingLength()
    if (start === null || this.#bytes.length < start + NOISE_WA_HEADER.length) return false
    const header = this.#bytes.subarray(start, start + NOISE_WA_HEADER.length)
    if (!header.equals(NOISE_WA_HEADER)) throw new Error('the intro is not that of WhatsApp Web')
    this.#bytes = this.#bytes.subarray(start + NOISE_WA_HEADER.length)
    this.#introduced = true
    return true
  }

  /** Where the intro proper begins; null while that cannot be told. */
  #routingLength(): number | null {
    if (this.#bytes.length < 2) return null
    if (this.#bytes.toString('latin1', 0, 2) !== 'ED') return 0
    if (this.#bytes.length < 7) return null
    return 7 + this.#bytes.readUIntBE(4, 3)
  }
}

export function frame(content: Buffer): Buffer {
  if (content.length > maximumFrameBytes) throw new Error('a frame of more than 16 MiB')
  const header = Buffer.alloc(3)
  header.writeUIntBE(content.length, 0, 3)
  return Buffer.concat([header, content])
}
