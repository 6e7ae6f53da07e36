/** Protobuf that is malformed, or ends in the middle of a field. */
export class WireError extends Error {}

/** The fields of a message that are wanted; every other is skipped without being kept. */
export interface WireShape {
  readonly fields: Readonly<Record<number, 'varint' | 'bytes' | WireShape>>
  /** Called when a message of this shape has been read whole. */
  readonly complete?: (values: WireValues) => void
}

/** What a message said: the last value of each wanted field that is no message itself. */
export interface WireValues {
  number(field: number): number | null
  bytes(field: number): Buffer | null
  text(field: number): string | null
}

/** A wanted value that is longer is skipped: tokens, salts and JIDs have well under a hundred bytes. */
export const maxValueBytes = 4_096
const maxVarintBytes = 10
/** Nothing that is walked here is longer; protobuf's own limit is 2 GiB. */
const maxFieldBytes = 2 ** 31

/**
 * Reads protobuf as a stream of pieces of any size. Of what passes nothing is kept but the values that the shape
 * names, so that the messages of a history of many megabytes cost neither memory nor decoding.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class WireWalker {
  readonly #stack: Frame[]
  #state: 'tag' | 'varint' | 'length' | 'bytes' | 'skip' = 'tag'
  #position = 0
  #varint = { value: 0, bytes: 0 }
  #field = 0
  /** The value that is being read; null while a field is skipped. */
  #target: 'varint' | Buffer | null = null
  #left = 0

  constructor(shape: WireShape) {
    this.#stack = [new Frame(shape, Infinity)]
  }

  /** @throws WireError where the bytes are not protobuf; what was complete before has been told. */
  push(piece: Uint8Array): void {
    let at = 0
    while (at < piece.length) {
      if (this.#state === 'skip' || this.#state === 'bytes') at += this.#takeBytes(piece, at)
      else this.#takeVarintByte(piece[at++] ?? 0)
      this.#closeFrames()
    }
  }

  /** @throws WireError where a field was cut short */
  end(): void {
    if (this.#stack.length > 1 || this.#state !== 'tag' || this.#varint.bytes > 0) {
      throw new WireError('the data ends in the middle of a field')
    }
    this.#top.complete()
  }

  get #top(): Frame {
    const top = this.#stack.at(-1)
    if (top === undefined) throw new WireError('there is no message to read')
    return top
  }

  #takeBytes(piece: Uint8Array, at: number): number {
    const count = Math.min(this.#left, piece.length - at)
    if (this.#target instanceof Buffer) {
      this.#target.set(piece.subarray(at, at + count), this.#target.length - this.#left)
    }
    this.#left -= count
    this.#position += count
    if (this.#left === 0) this.#fieldEnds()
    return count
  }

  #fieldEnds(): void {
    if (this.#target instanceof Buffer) this.#top.values.set(this.#field, this.#target)
    this.#target = null
    this.#state = 'tag'
  }

  /** Numbers beyond 53 bits lose their last digits; none that is wanted is so large. */
  #takeVarintByte(byte: number): void {
    const varint = this.#varint
    varint.value += (byte & 0x7f) * 2 ** (7 * varint.bytes)
    varint.bytes++
    this.#position++
    if (byte >= 0x80) {
      if (varint.bytes >= maxVarintBytes) throw new WireError('a number is too long')
      if (this.#position >= this.#top.end) throw new WireError('a number ends outside of its message')
      return
    }
    const { value } = varint
    this.#varint = { value: 0, bytes: 0 }
    if (this.#state === 'tag') this.#begin(value)
    else if (this.#state === 'length') this.#beginDelimited(value)
    else this.#takeNumber(value)
  }

  #takeNumber(value: number): void {
    if (this.#target === 'varint') this.#top.values.set(this.#field, value)
    this.#fieldEnds()
  }

  #begin(tag: number): void {
    const wire = tag % 8
    this.#field = Math.floor(tag / 8)
    if (this.#field === 0) throw new WireError('there is no field 0')
    if (wire === 0) {
      this.#target = this.#top.shape.fields[this.#field] === 'varint' ? 'varint' : null
      this.#state = 'varint'
    } else if (wire === 2) this.#state = 'length'
    else if (wire === 1) this.#skip(8)
    else if (wire === 5) this.#skip(4)
    else throw new WireError(`there is no wire type ${wire}`)
    if (wire === 0 || wire === 2) this.#require(1)
  }

  #beginDelimited(length: number): void {
    if (length > maxFieldBytes) throw new WireError('a field is too long')
    this.#require(length)
    const wanted = this.#top.shape.fields[this.#field]
    if (typeof wanted === 'object') {
      this.#state = 'tag'
      this.#stack.push(new Frame(wanted, this.#position + length))
    } else if (wanted === 'bytes' && length <= maxValueBytes) {
      this.#target = Buffer.alloc(length)
      this.#left = length
      this.#state = 'bytes'
      if (length === 0) this.#fieldEnds()
    } else this.#skip(length)
  }

  #skip(length: number): void {
    this.#require(length)
    this.#target = null
    this.#left = length
    this.#state = length === 0 ? 'tag' : 'skip'
  }

  #require(length: number): void {
    if (this.#position + length > this.#top.end) throw new WireError('a field ends outside of its message')
  }

  #closeFrames(): void {
    if (this.#state !== 'tag' || this.#varint.bytes > 0) return
    while (this.#position === this.#top.end) this.#stack.pop()?.complete()
  }
}

/** One message that is being read. */
class Frame implements WireValues {
  readonly shape: WireShape
  /** Where it ends, in bytes from the beginning of the stream. */
  readonly end: number
  readonly values = new Map<number, number | Buffer>()

  constructor(shape: WireShape, end: number) {
    this.shape = shape
    this.end = end
  }

  complete(): void {
    this.shape.complete?.(this)
  }

  number(field: number): number | null {
    const value = this.values.get(field)
    return typeof value === 'number' ? value : null
  }

  bytes(field: number): Buffer | null {
    const value = this.values.get(field)
    return value instanceof Buffer ? value : null
  }

  text(field: number): string | null {
    return this.bytes(field)?.toString() ?? null
  }
}
