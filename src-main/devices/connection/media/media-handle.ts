/**
 * What names a newsletter's file in the stanza (`media_id`) belongs to the message, but has no field in it. It is kept
 * behind the encoded message in a field of a number that WhatsApp does not use, which every decoder passes over, so that
 * it goes wherever the message goes: into the outbox, over a restart, into a message that is sent again.
 */
const fieldNumber = 18_007
const lengthDelimited = 2

export function withMediaHandle(message: Uint8Array, handle: string): Uint8Array {
  const bytes = Buffer.from(handle)
  const tag = varint(fieldNumber * 8 + lengthDelimited)
  return Buffer.concat([message, tag, varint(bytes.length), bytes])
}

/** The handle of an encoded message; null where it has none. */
export function mediaHandleOf(message: Uint8Array): string | null {
  let at = 0
  while (at < message.length) {
    const tag = readVarint(message, at)
    const wireType = tag.value % 8
    const field = Math.floor(tag.value / 8)
    at = tag.end
    if (wireType === lengthDelimited) {
      const length = readVarint(message, at)
      at = length.end + length.value
      if (field === fieldNumber) return Buffer.from(message.subarray(length.end, at)).toString()
    } else if (wireType === 0) at = readVarint(message, at).end
    else if (wireType === 1) at += 8
    else if (wireType === 5) at += 4
    else return null
  }
  return null
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}

function readVarint(bytes: Uint8Array, begin: number): { value: number; end: number } {
  let value = 0
  let factor = 1
  for (let at = begin; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    value += (byte & 127) * factor
    if (byte < 128) return { value, end: at + 1 }
    factor *= 128
  }
  return { value, end: bytes.length }
}
