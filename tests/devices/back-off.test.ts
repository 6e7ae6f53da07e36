import { describe, expect, it } from 'vitest'
import { backOff } from '../../src-main/devices/lifecycle/back-off.ts'

describe('the wait before a reconnect', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [4, 8_000],
    [7, 60_000],
    [1_000, 60_000],
  ])('is at most so long after %i failures: %i ms', (attempt, longest) => {
    expect(backOff(attempt, 0.999999)).toBeGreaterThan(longest * 0.99)
    expect(backOff(attempt, 0.999999)).toBeLessThanOrEqual(longest)
  })

  it('is spread over the whole of it', () => {
    expect(backOff(5, 0)).toBe(0)
    expect(backOff(5, 0.5)).toBe(8_000)
  })
})
