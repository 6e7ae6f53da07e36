import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { Failure } from '../../src-main/lib/failure.ts'
import type { MediaType } from '../../src-main/media/files/media-file.ts'
import { makeCompoundFile, makePdf, makeXlsx } from './files/office-files.ts'
import { makeMp4 } from './files/mp4-file.ts'
import { openMedia } from './files/open-media.ts'

const picture = () => sharp({ create: { width: 60, height: 40, channels: 3, background: 'red' } })
const fixture = (name: string) => readFile(join(import.meta.dirname, 'fixtures', name))

const samples: [string, MediaType, () => Promise<Buffer>][] = [
  ['JPEG', 'image', () => picture().jpeg().toBuffer()],
  ['PNG', 'image', () => picture().png().toBuffer()],
  ['WebP', 'image', () => picture().webp().toBuffer()],
  ['GIF', 'image', () => picture().gif().toBuffer()],
  ['TIFF', 'image', () => picture().tiff().toBuffer()],
  ['MP4', 'video', () => Promise.resolve(makeMp4({ audio: true }))],
  ['xls', 'xls', () => Promise.resolve(makeCompoundFile('Workbook'))],
  ['xlsx', 'xlsx', () => Promise.resolve(makeXlsx())],
  ['PDF', 'pdf', () => Promise.resolve(makePdf())],
  ['MP3', 'audio', () => fixture('voice.mp3')],
  ['M4A', 'audio', () => fixture('voice.m4a')],
  ['AAC', 'audio', () => fixture('voice.aac')],
]

/** The same numbers in every run: a failure can be seen again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
    return Math.floor((state / 0x80_00_00_00) * below)
  }
}

/** Some bytes changed, most of them near the beginning where lengths are written; now and then cut short. */
function damage(body: Buffer, random: (below: number) => number): Buffer {
  const damaged = Buffer.from(body)
  for (let change = random(8); change >= 0; change -= 1) {
    const near = random(3) === 0 ? damaged.length : Math.min(300, damaged.length)
    damaged[random(near)] = [0xff, 0, 0x7f, random(256)][random(4)] ?? 0
  }
  return random(5) === 0 ? damaged.subarray(0, 1 + random(damaged.length - 1)) : damaged
}

test.each(samples)(
  'a damaged %s is taken or refused in words, and breaks nothing',
  async (_name, mediaType, make) => {
    await using room = await openMedia()
    const body = await make()
    const random = randomNumbers(2_026)
    for (let attempt = 0; attempt < 25; attempt += 1) {
      const upload = await room.upload(damage(body, random))
      try {
        const file = await room.media.fetch({ source: { upload }, mediaType, fileName: null, voice: false })
        await file.release()
      } catch (error) {
        expect(error).toBeInstanceOf(Failure)
      }
      await room.media.discardUpload(upload)
    }
    expect(await room.left()).toEqual([])
  },
)
