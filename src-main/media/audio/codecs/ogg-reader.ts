/** Takes the packets of the first stream out of an Ogg file, piece by piece (RFC 3533). */
export class OggReader {
  #rest: Buffer = Buffer.alloc(0)
  #serial: number | null = null
  #unfinished: Buffer[] = []
  /** Of the page read last: samples at 48 kHz up to the end of its last packet. */
  position = 0n

  /** The packets that the pages read so far complete. */
  push(chunk: Uint8Array): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const packets: Buffer[] = []
    for (let page = this.#nextPage(); page !== null; page = this.#nextPage())
      packets.push(...this.#packetsIn(page))
    return packets
  }

  /** Skips what is no page. */
  #nextPage(): Buffer | null {
    const start = this.#rest.indexOf('OggS')
    if (start === -1) {
      this.#rest = this.#rest.subarray(-3)
      return null
    }
    const page = this.#rest.subarray(start)
    const segments = page[26]
    if (segments === undefined || page.length < 27 + segments) return null
    const body = page.subarray(27, 27 + segments).reduce((sum, length) => sum + length, 0)
    const length = 27 + segments + body
    if (page.length < length) return null
    this.#rest = page.subarray(length)
    return page.subarray(0, length)
  }

  #packetsIn(page: Buffer): Buffer[] {
    const serial = page.readUInt32LE(14)
    this.#serial ??= serial
    if (serial !== this.#serial) return []
    const packets: Buffer[] = []
    const segments = page[26] ?? 0
    const position = page.readBigInt64LE(6)
    // -1: no packet ends on this page.
    if (position >= 0n) this.position = position
    let at = 27 + segments
    for (const length of page.subarray(27, 27 + segments)) {
      this.#unfinished.push(page.subarray(at, at + length))
      at += length
      if (length < 255) packets.push(Buffer.concat(this.#unfinished.splice(0)))
    }
    return packets
  }
}
