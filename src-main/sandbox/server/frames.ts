import { NOISE_WA_HEADER } from '@whiskeysockets/baileys'

const maximumFrameBytes = 0xffffff

/**
 * Cuts a client's bytes into frames: first the intro (`WA` and the protocol's version, optionally preceded
 * by `ED 00 01`, a 24-bit length and that many bytes of routing), then frames of a 24-bit length each.
 * Pieces are kept apart until a frame is whole, so that a frame in a million pieces costs no more than one in two.
 */
export class FrameReader {
  readonly #pieces: Buffer[] = []
  #length = 0
  /** Bytes that are needed before there is anything new to be read. */
  #needed = 0
  #introduced = false

  /** The frames that are complete now. Throws where the intro is not WhatsApp's. */
  read(more: Buffer): Buffer[] {
    this.#pieces.push(more)
    this.#length += more.length
    const frames: Buffer[] = []
    while (this.#length >= this.#needed) {
      const bytes = this.#concatenated()
      const length = this.#introduced ? frameLength(bytes) : introLength(bytes)
      if (length.total > bytes.length) {
        this.#needed = length.total
        return frames
      }
      if (!this.#introduced) {
        this.#introduced = true
      } else if (length.content !== null) {
        frames.push(bytes.subarray(length.total - length.content, length.total))
      }
      this.#keep(bytes.subarray(length.total))
    }
    return frames
  }

  #concatenated(): Buffer {
    const [only] = this.#pieces
    const bytes = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces)
    this.#pieces.splice(0, this.#pieces.length, bytes)
    return bytes
  }

  #keep(rest: Buffer): void {
    this.#pieces.splice(0, this.#pieces.length, rest)
    this.#length = rest.length
    this.#needed = 1
  }
}

/** Bytes up to the end of what begins here, as far as that is known; `content` null while that is only its header. */
interface Length {
  readonly total: number
  readonly content: number | null
}

function frameLength(bytes: Buffer): Length {
  if (bytes.length < 3) return { total: 3, content: null }
  const content = bytes.readUIntBE(0, 3)
  return { total: 3 + content, content }
}

function introLength(bytes: Buffer): Length {
  if (bytes.length < 2) return { total: 2, content: null }
  const isRouted = bytes.toString('latin1', 0, 2) === 'ED'
  if (isRouted && bytes.length < 7) return { total: 7, content: null }
  const start = isRouted ? 7 + bytes.readUIntBE(4, 3) : 0
  const total = start + NOISE_WA_HEADER.length
  if (bytes.length >= total && !bytes.subarray(start, total).equals(NOISE_WA_HEADER))
    throw new Error('the intro is not that of WhatsApp Web')
  return { total, content: null }
}

export function frame(content: Buffer): Buffer {
  if (content.length > maximumFrameBytes) throw new Error('a frame of more than 16 MiB')
  const header = Buffer.alloc(3)
  header.writeUIntBE(content.length, 0, 3)
  return Buffer.concat([header, content])
}
