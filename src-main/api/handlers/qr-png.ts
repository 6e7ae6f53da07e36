import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

const pixelsPerModule = 8
const quietModules = 4

/**
 * Draws a text as a QR code and answers it as `data:image/png;base64,…`, for pages that show it in an <img>.
 * One bit a pixel, black on white, with the quiet zone of four modules that ISO/IEC 18004 asks for.
 */
export function qrAsDataUrl(text: string): string {
  const { data, size } = encode(text, { border: quietModules })
  const pixels = size * pixelsPerModule
  const rowBytes = Math.ceil(pixels / 8)
  const rows = Buffer.alloc((rowBytes + 1) * pixels)
  for (let y = 0; y < pixels; y += 1) {
    const modules = data[Math.floor(y / pixelsPerModule)] ?? []
    // Each row begins with its filter (0, none); eight pixels a module make exactly one byte of each.
    modules.forEach((dark, x) => {
      rows[y * (rowBytes + 1) + 1 + x] = dark ? 0x00 : 0xff
    })
  }
  return `data:image/png;base64,${png(pixels, rows).toString('base64')}`
}

/** A greyscale PNG of one bit a pixel (https://www.w3.org/TR/png-3/). */
function png(pixels: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(pixels, 0)
  header.writeUInt32BE(pixels, 4)
  header.set([1, 0, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
