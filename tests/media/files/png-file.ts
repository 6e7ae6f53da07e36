import { crc32, deflateSync } from 'node:zlib'

interface PngShape {
  /** Bits a sample, and PNG's number of the colour type (0 grey, 6 RGBA). */
  depth: number
  colourType: number
  interlaced?: boolean
  /** Bytes of zeros that stand for the picture: fewer than its size says. */
  bytes: number
}

/** A PNG whose header says that it is enormous: a small file that would take gigabytes to decode. */
export function makeLargePng(width: number, height: number, shape: PngShape): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([shape.depth, shape.colourType, 0, 0, shape.interlaced === true ? 1 : 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(shape.bytes))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}
