import jsQR from 'jsqr'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { qrAsDataUrl } from '../../src-main/api/handlers/qr-png.ts'

const scan = jsQR as unknown as typeof jsQR.default

it('draws a PNG that a scanner reads back', async () => {
  const text = `https://wa.me/settings/linked_devices#2@${'aB3/'.repeat(40)},${'x'.repeat(44)},1`
  const url = qrAsDataUrl(text)
  expect(url).toMatch(/^data:image\/png;base64,/)
  const image = sharp(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'))
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  expect(scan(new Uint8ClampedArray(data), info.width, info.height)?.data).toBe(text)
})
