import { createDecoder, createEncoder, getPacketInfo } from 'libopus-wasm'
import { expect, test } from 'vitest'
import { joinFrames } from '../../../src-main/media/audio/codecs/opus-packet.ts'
import { makeVoice } from '../files/sound-files.ts'

test('three joined frames are one packet of code 3 that decodes to the same sound', async () => {
  const wish = { sampleRate: 16_000, channels: 1, frameSize: 320 } as const
  const encoder = await createEncoder({ ...wish, bitrate: 32_000 })
  const voice = makeVoice(0.06, 16_000)
  const frames = [0, 320, 640].map((at) => encoder.encodeFloat(voice.subarray(at, at + 320)))
  const packet = joinFrames(frames)
  expect((packet[0] ?? 0) & 3).toBe(3)
  expect(await getPacketInfo(packet)).toMatchObject({ frames: 3, durationMs: 60, channels: 1 })
  const apart = await createDecoder({ sampleRate: 16_000, channels: 1 })
  const together = await createDecoder({ sampleRate: 16_000, channels: 1 })
  const expected = frames.flatMap((frame) => Array.from(apart.decode(frame)))
  expect(Array.from(together.decode(packet))).toEqual(expected)
})

test.each([0, 1, 251, 252, 253, 255, 256, 600, 1_275])(
  'a frame of %d bytes keeps its length',
  async (bytes) => {
    const frame = (length: number) => Buffer.concat([Buffer.from([9 << 3]), Buffer.alloc(length, 7)])
    const packet = joinFrames([frame(bytes), frame(3)])
    const coded = packet[2] ?? 0
    const length = coded < 252 ? coded : coded + (packet[3] ?? 0) * 4
    expect(length).toBe(bytes)
    expect(packet.length).toBe(2 + (coded < 252 ? 1 : 2) + bytes + 3)
  },
)

test('frames of different configurations are not joined', () => {
  expect(() => joinFrames([Buffer.from([9 << 3, 1]), Buffer.from([23 << 3, 1])])).toThrow('configuration')
})
