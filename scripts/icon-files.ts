/** A picture of one size, as PNG. */
export interface Sized {
  /** Pixels; as wide as high. */
  size: number
  png: Uint8Array
}

/**
 * An ICO file with PNG pictures, which Windows reads since Vista
 * (https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10), and PNG in place of the bitmap).
 */
export function icoOf(pictures: readonly Sized[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  for (const [index, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * index
    // 0 stands for 256.
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** Names of PNG entries by size in pixels (https://en.wikipedia.org/wiki/Apple_Icon_Image_format). */
const icnsTypes: ReadonlyMap<number, readonly string[]> = new Map([
  [32, ['ic11']],
  [64, ['ic12']],
  [128, ['ic07']],
  [256, ['ic08', 'ic13']],
  [512, ['ic09', 'ic14']],
  [1024, ['ic10']],
])

/** An ICNS file with PNG pictures, which macOS reads since 10.7. */
export function icnsOf(pictures: readonly Sized[]): Buffer {
  const entries = pictures.flatMap(({ size, png }) =>
    (icnsTypes.get(size) ?? []).map((type) => Buffer.concat([Buffer.from(type, 'latin1'), length(png), png])),
  )
  const body = Buffer.concat(entries)
  return Buffer.concat([Buffer.from('icns', 'latin1'), length(body), body])
}

/** Counted with the eight bytes of name and length themselves. */
function length(content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(content.length + 8)
  return bytes
}
