import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { failureOf, openMedia } from './files/open-media.ts'

// Made by make-fixtures.ts.
const fixture = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, 'fixtures', name))

const noise = (width = 400, height = 600) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })

describe.each([false, true])('a JPEG without its end (progressive: %s)', (progressive) => {
  const whole = () => noise().jpeg({ progressive, quality: 80 }).toBuffer()

  test('because the end marker is missing is sent as it is', async () => {
    await using room = await openMedia()
    const body = (await whole()).subarray(0, -2)
    const file = await room.send(body, 'image')
    expect(file).toMatchObject({ kind: 'image', mimeType: 'image/jpeg', width: 400, height: 600, notes: [] })
    expect(body.equals(await readFile(file.path))).toBe(true)
    expect((await sharp(file.thumbnail ?? new Uint8Array()).metadata()).height).toBe(96)
  })

  test.each([200, 5_000])('because %d bytes are missing is sent, and the answer says so', async (missing) => {
    await using room = await openMedia()
    const file = await room.send((await whole()).subarray(0, -missing), 'image')
    expect(file).toMatchObject({ kind: 'image', notes: [expect.stringContaining('end of the picture')] })
  })

  test('because half of it is missing is refused', async () => {
    await using room = await openMedia()
    const body = await whole()
    const failure = await failureOf(room.send(body.subarray(0, body.length / 2), 'image'))
    expect(failure.code).toBe('media_unreadable')
  })

  test('is turned upright all the same', async () => {
    await using room = await openMedia()
    const body = await noise().withMetadata({ orientation: 6 }).jpeg({ progressive }).toBuffer()
    const file = await room.send(body.subarray(0, -200), 'image')
    expect(file).toMatchObject({ kind: 'image', width: 600, height: 400 })
    expect(await sharp(file.path).metadata()).toMatchObject({ width: 600, height: 400 })
  })
})

test('a JPEG of which a fifth of the rows is missing is refused', async () => {
  await using room = await openMedia()
  const body = await noise().jpeg({ quality: 80 }).toBuffer()
  const failure = await failureOf(room.send(body.subarray(0, body.length * 0.8), 'image'))
  expect(failure.code).toBe('media_unreadable')
})

test.each([
  ['a progressive JPEG', (s: Sharp) => s.jpeg({ progressive: true }), 'image/jpeg', []],
  ['a grey JPEG', (s: Sharp) => s.greyscale().jpeg(), 'image/jpeg', []],
  [
    'a progressive JPEG in print colours',
    (s: Sharp) => s.toColourspace('cmyk').jpeg({ progressive: true }),
    'image/jpeg',
    [expect.stringContaining('CMYK')],
  ],
  ['an interlaced PNG', (s: Sharp) => s.png({ progressive: true }), 'image/png', []],
  ['a PNG with a palette', (s: Sharp) => s.png({ palette: true }), 'image/png', []],
  ['a PNG of 16 bits', (s: Sharp) => s.toColourspace('rgb16').png(), 'image/png', []],
] as const)('%s is an image', async (_what, make, mimeType, notes) => {
  await using room = await openMedia()
  const file = await room.send(await make(noise(80, 60)).toBuffer(), 'image')
  expect(file).toMatchObject({ kind: 'image', mimeType, width: 80, height: 60, notes })
})

describe('a picture that moves', () => {
  test('as PNG is sent as the picture that every phone shows of it, and the answer says so', async () => {
    await using room = await openMedia()
    const file = await room.send(await fixture('moving.png'), 'image', { fileName: 'promo.apng' })
    expect(file).toMatchObject({ kind: 'image', mimeType: 'image/png', fileName: 'promo.apng', width: 64 })
    expect(file.notes).toEqual([expect.stringContaining('only the first picture')])
  })

  test('as AVIF is sent as a document, and the answer says so', async () => {
    await using room = await openMedia()
    const file = await room.send(await fixture('moving.avif'), 'image', { fileName: 'promo' })
    expect(file).toMatchObject({ kind: 'document', mimeType: 'image/avif', fileName: 'promo.avif' })
    expect(file.notes).toEqual([expect.stringContaining('Sent as a document')])
  })

  test('as AVIF with another brand in front is known by the brands behind it', async () => {
    await using room = await openMedia()
    const body = await fixture('moving.avif')
    body.write('avif', 8, 'latin1')
    expect(await room.send(body, 'image')).toMatchObject({ kind: 'document', mimeType: 'image/avif' })
  })
})

test('a still AVIF whose first brand is that of all HEIF is an image', async () => {
  await using room = await openMedia()
  const body = await noise(64, 48).avif().toBuffer()
  body.write('mif1', 8, 'latin1')
  expect(await room.send(body, 'image')).toMatchObject({ kind: 'image', mimeType: 'image/jpeg' })
})

test('a HEIC of a phone is sent as a document, and the answer says so', async () => {
  await using room = await openMedia()
  const file = await room.send(await fixture('picture.heic'), 'image', { fileName: 'IMG_0001.HEIC' })
  expect(file).toMatchObject({ kind: 'document', mimeType: 'image/heic', fileName: 'IMG_0001.HEIC' })
  expect(file.notes).toEqual([expect.stringContaining('HEIC')])
})

test('a TIFF of several pages says that only the first is shown', async () => {
  await using room = await openMedia()
  const pages = await sharp([await noise(40, 40).png().toBuffer(), await noise(40, 40).png().toBuffer()], {
    join: { animated: true },
  })
    .tiff()
    .toBuffer()
  const file = await room.send(pages, 'image')
  expect(file).toMatchObject({ kind: 'image', mimeType: 'image/jpeg' })
  expect(file.notes).toContainEqual('Only the first of its 2 pages is shown.')
})
