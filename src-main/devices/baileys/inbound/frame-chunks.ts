/** WhatsApp allows 16 MiB by its 24-bit length; what is longer than this is no stanza that a device receives. */
export const maxFrameBytes = 4 * 1024 * 1024

const headerBytes = 3

/** What came from the line is not a frame that may be read. */
export class FrameTooLarge extends Error {
  override readonly name = 'FrameTooLarge'
}

/**
 * Cuts the bytes of the line into frames: a length of 24 bits, big-endian, and so many bytes. Baileys does that too
 * (noise-handler.js), but joins everything it has with each further piece: 20,000 pieces of one frame cost 12 s. Here
 * each byte of a frame that comes in pieces is copied once, into its place.
 */
export class FrameChunks {
  /** A frame that has begun, with its header, and how much of it is there. */
  #frame: Buffer | null = null
  #filled = 0
  /** Of a header that is not whole. */
  #header = Buffer.alloc(0)

  /**
   * The frames that are whole now, each with its header.
   * @throws FrameTooLarge as soon as a header announces more than `maxFrameBytes`
   */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = []
    let rest = this.#header.length === 0 ? chunk : Buffer.concat([this.#header, chunk])
    this.#header = Buffer.alloc(0)
    while (rest.length > 0) {
      if (this.#frame !== null) {
        rest = this.#fill(this.#frame, rest, frames)
        continue
      }
      if (rest.length < headerBytes) {
        this.#header = Buffer.from(rest)
        break
      }
      const length = headerBytes + lengthIn(rest)
      if (rest.length >= length) {
        // As a rule it came whole: nothing is copied.
        frames.push(rest.subarray(0, length))
        rest = rest.subarray(length)
      } else {
        this.#frame = Buffer.allocUnsafe(length)
        this.#filled = 0
      }
    }
    return frames
  }

  /** Puts into a frame what belongs to it; answers what comes after it. */
  #fill(frame: Buffer, bytes: Buffer, frames: Buffer[]): Buffer {
    const copied = bytes.copy(frame, this.#filled)
    this.#filled += copied
    if (this.#filled === frame.length) {
      frames.push(frame)
      this.#frame = null
    }
    return bytes.subarray(copied)
  }
}

function lengthIn(bytes: Buffer): number {
  const length = bytes.readUIntBE(0, headerBytes)
  if (length > maxFrameBytes) throw new FrameTooLarge(`a frame of ${length} bytes`)
  return length
}
