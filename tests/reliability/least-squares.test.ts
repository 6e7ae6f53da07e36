import { expect, it } from 'vitest'
import { fitLine, studentT975 } from './least-squares.ts'

it('finds a line that fits exactly, and is sure of it', () => {
  const line = fitLine([0, 1, 2, 3].map((x) => ({ x, y: 5 + 2 * x })))
  expect(line).toEqual({ slope: 2, low: 2, high: 2, mean: 8 })
})

it("gives the interval that the regression's textbook formula gives", () => {
  // Heights and weights of fifteen women, 1975 World Almanac, metric: slope 61.272, standard error 1.776.
  const heights = [1.47, 1.5, 1.52, 1.55, 1.57, 1.6, 1.63, 1.65, 1.68, 1.7, 1.73, 1.75, 1.78, 1.8, 1.83]
  const weights = [
    52.21, 53.12, 54.48, 55.84, 57.2, 58.57, 59.93, 61.29, 63.11, 64.47, 66.28, 68.1, 69.92, 72.19, 74.46,
  ]
  const { slope, low, high } = fitLine(heights.map((x, index) => ({ x, y: weights[index] ?? 0 })))
  expect(slope).toBeCloseTo(61.272, 2)
  expect(low).toBeCloseTo(57.4, 1)
  expect(high).toBeCloseTo(65.1, 1)
})

it('knows Student’s t to two places', () => {
  for (const [degrees, t] of [
    [1, 12.706],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
    [120, 1.98],
  ] as const) {
    expect(Math.abs(studentT975(degrees) - t)).toBeLessThan(0.005)
  }
})

it('is sure of nothing with two points', () => {
  expect(
    fitLine([
      { x: 0, y: 1 },
      { x: 1, y: 3 },
    ]),
  ).toMatchObject({ slope: 2, low: -Infinity })
})
