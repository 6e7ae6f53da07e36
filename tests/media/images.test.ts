import { readFile, stat } from 'node:fs/promises'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { failureOf, openMedia } from './files/open-media.ts'
import { makeLargePng } from './files/png-file.ts'

/** A picture whose left half is red and whose right half is blue. */
function picture(width = 400, height = 200) {
  const half = { create: { width: Math.ceil(width / 2), height, channels: 3 as const, background: 'blue' } }
  return sharp({ create: { width, height, channels: 3, background: 'red' } }).composite([
    { input: half, left: Math.floor(width / 2), top: 0 },
  ])
}

async function colourAt(image: Uint8Array | string, x: number, y: number): Promise<'red' | 'blue' | 'other'> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (y * info.width + x) * info.channels
  const [red = 0, , blue = 0] = data.subarray(at, at + 3)
  return red > 180 && blue < 90 ? 'red' : blue > 180 && red < 90 ? 'blue' : 'other'
}

describe('an image that WhatsApp shows', () => {
  test.each(['jpeg', 'png'] as const)('is sent byte for byte: %s', async (format) => {
    await using room = await openMedia()
    const body = await picture().toFormat(format).toBuffer()
    const file = await room.send(body, 'image', { fileName: 'promo' })
    expect(file).toMatchObject({
      kind: 'image',
      mimeType: `image/${format}`,
      fileName: format === 'jpeg' ? 'promo.jpg' : 'promo.png',
      bytes: body.length,
      width: 400,
      height: 200,
      seconds: null,
      waveform: null,
      notes: [],
    })
    expect(body.equals(await readFile(file.path))).toBe(true)
    expect((await stat(file.path)).mode & 0o777).toBe(0o600)
  })

  test('comes with a small JPEG of itself', async () => {
    await using room = await openMedia()
    const file = await room.send(await picture().jpeg().toBuffer(), 'image')
    const thumbnail = file.thumbnail ?? new Uint8Array()
    expect(await sharp(thumbnail).metadata()).toMatchObject({ format: 'jpeg', width: 96, height: 48 })
    expect(thumbnail.length).toBeLessThan(8_192)
    expect(await colourAt(thumbnail, 10, 24)).toBe('red')
    expect(await colourAt(thumbnail, 85, 24)).toBe('blue')
  })

  test('smaller than a thumbnail is not blown up for it', async () => {
    await using room = await openMedia()
    const file = await room.send(await picture(8, 4).png().toBuffer(), 'image')
    expect(await sharp(file.thumbnail ?? new Uint8Array()).metadata()).toMatchObject({ width: 8, height: 4 })
  })
})

describe('an image that some phones would show wrong', () => {
  test.each([
    [3, 400, 200, 'blue'],
    [6, 200, 400, 'red'],
    [8, 200, 400, 'blue'],
  ] as const)('taken with orientation %d is turned upright', async (orientation, width, height, topLeft) => {
    await using room = await openMedia()
    const body = await picture().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer()
    const file = await room.send(body, 'image')
    expect(file).toMatchObject({ kind: 'image', mimeType: 'image/jpeg', width, height })
    expect(file.notes).toEqual(['Turned upright as the camera noted.'])
    expect(await sharp(file.path).metadata()).toMatchObject({ width, height })
    expect((await sharp(file.path).metadata()).orientation ?? 1).toBe(1)
    expect(await colourAt(file.path, 5, 5)).toBe(topLeft)
    const small = await sharp(file.thumbnail ?? new Uint8Array()).metadata()
    expect(small.width < small.height).toBe(width < height)
  })

  test('in print colours is converted to screen colours', async () => {
    await using room = await openMedia()
    const body = await picture().toColourspace('cmyk').jpeg().toBuffer()
    const file = await room.send(body, 'image')
    expect((await sharp(file.path).metadata()).space).toBe('srgb')
    expect(file.notes[0]).toContain('CMYK')
  })
})

describe('an image that WhatsApp does not show', () => {
  test.each([
    ['webp', 'a WebP image'],
    ['tiff', 'a TIFF image'],
    ['avif', 'an AVIF image'],
    ['gif', 'a GIF image'],
  ] as const)('is made a JPEG, and the answer says so: %s', async (format, name) => {
    await using room = await openMedia()
    const body = await picture().toFormat(format).toBuffer()
    const file = await room.send(body, 'image', { fileName: `promo.${format}` })
    expect(file).toMatchObject({
      kind: 'image',
      mimeType: 'image/jpeg',
      fileName: 'promo.jpg',
      width: 400,
      height: 200,
    })
    expect(file.notes).toEqual([`Converted from ${name} to JPEG.`])
    const content = await readFile(file.path)
    expect(file.bytes).toBe(content.length)
    expect((await stat(file.path)).mode & 0o777).toBe(0o600)
    expect(await colourAt(content, 20, 100)).toBe('red')
    expect(await colourAt(content, 380, 100)).toBe('blue')
    await file.release()
    expect(await room.left()).toHaveLength(1) // the upload, which its owner discards
  })

  test('with transparency is laid on white', async () => {
    await using room = await openMedia()
    const clear = {
      create: { width: 50, height: 50, channels: 4 as const, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    }
    const file = await room.send(await sharp(clear).webp({ lossless: true }).toBuffer(), 'image')
    const { data } = await sharp(file.path).raw().toBuffer({ resolveWithObject: true })
    expect(data[0]).toBeGreaterThan(250)
  })

  test('because it moves is sent as a document', async () => {
    await using room = await openMedia()
    const frames = await sharp(
      [await picture(40, 40).png().toBuffer(), await picture(40, 40).negate().png().toBuffer()],
      { join: { animated: true } },
    )
      .gif()
      .toBuffer()
    const file = await room.send(frames, 'image', { fileName: 'dance' })
    expect(file).toMatchObject({ kind: 'document', mimeType: 'image/gif', fileName: 'dance.gif' })
    expect(file.notes[0]).toContain('document')
  })

  test('and nothing here decodes is sent as a document', async () => {
    await using room = await openMedia()
    const svg = Buffer.from(
      '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    )
    expect(await room.send(svg, 'image')).toMatchObject({
      kind: 'document',
      mimeType: 'image/svg+xml',
      fileName: 'file.svg',
    })
    const bmp = Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)])
    expect(await room.send(bmp, 'image')).toMatchObject({ kind: 'document', mimeType: 'image/bmp' })
    const heic = Buffer.concat([
      Buffer.from('0000001866747970686569630000000068656963', 'hex'),
      Buffer.alloc(40),
    ])
    const file = await room.send(heic, 'image')
    expect(file).toMatchObject({ kind: 'document', mimeType: 'image/heic' })
    expect(file.notes).toEqual(['Sent as a document: WhatsApp does not show a HEIC image as an image.'])
  })
})

describe('an image that is refused', () => {
  test('has too many pixels, before they are decoded', async () => {
    await using room = await openMedia()
    const before = process.memoryUsage().rss
    const failure = await failureOf(
      room.send(makeLargePng(60_000, 60_000, { depth: 1, colourType: 0, bytes: 1_000 }), 'image'),
    )
    expect(failure.code).toBe('media_too_large')
    expect(failure.message).toContain('60000 × 60000')
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_048_576)
  })

  test('is cut short', async () => {
    await using room = await openMedia()
    const noise = await sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .jpeg()
      .toBuffer()
    expect((await failureOf(room.send(noise.subarray(0, noise.length / 2), 'image'))).code).toBe(
      'media_unreadable',
    )
    const png = await sharp(noise).png().toBuffer()
    expect((await failureOf(room.send(png.subarray(0, png.length / 2), 'image'))).code).toBe(
      'media_unreadable',
    )
    expect(await room.left()).toHaveLength(2)
  })
})

test('a photograph of 12 megapixels leaves the event loop free', async () => {
  await using room = await openMedia()
  const photograph = await picture(4_000, 3_000)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 80 })
    .toBuffer()
  await (await room.send(await picture().jpeg().toBuffer(), 'image')).release() // sharp is loaded
  const before = process.threadCpuUsage()
  const file = await room.send(photograph, 'image')
  const { user, system } = process.threadCpuUsage(before)
  expect(file).toMatchObject({ width: 3_000, height: 4_000 })
  // All that this thread did, in microseconds: no single piece of it can have held up others for longer. (The
  // loop's own delay would measure what else runs on this machine.)
  expect(user + system).toBeLessThan(100_000)
}, 60_000)
