/** The few forms of ASN.1's distinguished encoding (X.690) that a certificate is made of. */

export function tagged(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3
  const encoded = Buffer.alloc(1 + bytes)
  encoded[0] = 0x80 | bytes
  encoded.writeUIntBE(length, 1, bytes)
  return encoded
}

export const sequence = (...contents: Uint8Array[]): Buffer => tagged(0x30, ...contents)
export const set = (...contents: Uint8Array[]): Buffer => tagged(0x31, ...contents)
export const octets = (content: Uint8Array): Buffer => tagged(0x04, content)
/** A bit string of whole bytes. */
export const bits = (content: Uint8Array): Buffer => tagged(0x03, Buffer.from([0]), content)
export const text = (value: string): Buffer => tagged(0x0c, Buffer.from(value))
export const yes = (): Buffer => tagged(0x01, Buffer.from([0xff]))

/** A positive integer from its bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
  return tagged(0x02, positive)
}

/** An object identifier in its dotted form. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(baseOf128)]))
}

function baseOf128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift(0x80 | (rest & 0x7f))
  return digits
}

/** A time in UTC with four digits of year. */
export function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return tagged(0x18, Buffer.from(digits))
}
