import type { FileHandle } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readFrames } from '../../../src-main/media/audio/codecs/m4a-frames.ts'

test('an index of very many runs is walked once, not once for every chunk', async () => {
  const runs = 100_000
  const perChunk = Buffer.alloc(8 + runs * 12)
  for (let run = 0; run < runs; run += 1) perChunk.writeUInt32BE(1, 8 + run * 12)
  const chunks = Buffer.alloc(8 + runs * 4)
  chunks.writeUInt32BE(runs, 4)
  const sizes = Buffer.alloc(12)
  sizes.writeUInt32BE(1, 4)
  sizes.writeUInt32BE(1, 8)
  const tables = new Map([
    ['stsz', sizes],
    ['stco', chunks],
    ['stsc', perChunk],
  ])
  const audio = { codec: 'mp4a', description: Buffer.alloc(0), tables }
  const began = performance.now()
  // No run has a sample, so that nothing is read.
  for await (const frames of readFrames({} as FileHandle, audio)) expect(frames).toBeUndefined()
  expect(performance.now() - began).toBeLessThan(2_000)
})
