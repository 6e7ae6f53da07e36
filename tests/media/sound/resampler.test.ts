import { expect, test } from 'vitest'
import { Resampler } from '../../../src-main/media/audio/resampler.ts'
import { makeVoice, likeness } from '../files/sound-files.ts'

function tone(hertz: number, rate: number, seconds = 0.5): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / rate))
}

function resample(samples: Float32Array, from: number, to: number, piece = 1_000): Float32Array {
  const resampler = new Resampler(from, to)
  const pieces: Float32Array[] = []
  for (let at = 0; at < samples.length; at += piece)
    pieces.push(resampler.push(samples.subarray(at, at + piece)))
  pieces.push(resampler.end())
  return Float32Array.from(pieces.flatMap((part) => Array.from(part)))
}

const loudness = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)

test.each([
  [44_100, 16_000],
  [48_000, 16_000],
  [22_050, 16_000],
  [8_000, 16_000],
  [11_025, 48_000],
  [96_000, 16_000],
  [16_001, 16_000],
])('from %d to %d Hz a sound stays the same, in time and in shape', (from, to) => {
  const output = resample(makeVoice(1, from), from, to)
  expect(Math.abs(output.length - to)).toBeLessThanOrEqual(1)
  // Not shifted by a single sample.
  expect(likeness(makeVoice(1, to), output, 0)).toBeGreaterThan(0.999)
})

test('the size of the pieces changes nothing', () => {
  const voice = makeVoice(0.5, 44_100)
  const whole = resample(voice, 44_100, 16_000, voice.length)
  expect(resample(voice, 44_100, 16_000, 7)).toEqual(whole)
  expect(resample(voice, 44_100, 16_000, 4_096)).toEqual(whole)
})

test('what the new rate cannot hold is taken out, not folded back', () => {
  const before = loudness(tone(12_000, 44_100))
  expect(loudness(resample(tone(12_000, 44_100), 44_100, 16_000)) / before).toBeLessThan(0.01)
  expect(loudness(resample(tone(6_000, 44_100), 44_100, 16_000)) / before).toBeGreaterThan(0.97)
})
