import { randomBytes, randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  FrameChunks,
  FrameTooLarge,
  maxFrameBytes,
} from '../../src-main/devices/baileys/inbound/frame-chunks.ts'

function frame(content: Uint8Array): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntBE(content.length, 0, 3)
  return Buffer.concat([header, content])
}

it('gives back whole frames, however the line cuts them', () => {
  for (let round = 0; round < 300; round++) {
    const frames = Array.from({ length: randomInt(1, 8) }, () => frame(randomBytes(randomInt(0, 200))))
    const bytes = Buffer.concat(frames)
    const chunks = new FrameChunks()
    const read: Buffer[] = []
    for (let at = 0; at < bytes.length;) {
      const end = at + randomInt(1, 1 + randomInt(1, 300))
      read.push(...chunks.push(bytes.subarray(at, end)))
      at = end
    }
    expect(read).toEqual(frames)
  }
})

it('refuses a frame of more than 4 MiB at its header, and takes one of 4 MiB', () => {
  expect(new FrameChunks().push(frame(Buffer.alloc(maxFrameBytes)))).toHaveLength(1)
  const header = Buffer.alloc(3)
  header.writeUIntBE(maxFrameBytes + 1, 0, 3)
  expect(() => new FrameChunks().push(header)).toThrow(FrameTooLarge)
})

it('copies a frame that comes byte by byte once, not again with every byte', () => {
  const chunks = new FrameChunks()
  const bytes = frame(Buffer.alloc(1_000_000))
  const began = performance.now()
  let [whole] = [] as Buffer[]
  for (let at = 0; at < bytes.length; at++) [whole] = chunks.push(bytes.subarray(at, at + 1))
  // Joined with every byte it would copy 500 GB.
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(whole?.equals(bytes)).toBe(true)
})
