import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  freshVitals,
  Liveness,
  look,
  lookEvery,
  received,
} from '../../src-main/devices/lifecycle/liveness.ts'

/** Looks every second until the line is dead; the answer is after how long, and when it was asked. */
function untilDead(firstLook: number, isOwed = false): { asked: number; dead: number } {
  const vitals = freshVitals(0)
  let asked = 0
  for (let now = firstLook; ; now += lookEvery) {
    const found = look(vitals, now, isOwed)
    if (found === 'ask') asked = now
    if (found === 'dead') return { asked, dead: now }
  }
}

describe('a line that went silent', () => {
  it.each([0, 1, 500, 999])(
    'is asked after 25 s and given up after 45, looked at from %i ms on',
    (firstLook) => {
      const { asked, dead } = untilDead(firstLook)
      expect(asked).toBeGreaterThanOrEqual(25_000)
      expect(asked).toBeLessThan(26_000)
      expect(dead).toBeGreaterThanOrEqual(45_000)
      expect(dead).toBeLessThan(47_000)
    },
  )

  it('is given up 25 s after a message that it did not acknowledge', () => {
    const { asked, dead } = untilDead(500, true)
    expect(asked).toBeLessThan(6_000)
    expect(dead).toBeLessThan(27_000)
  })

  it('is fine as soon as anything arrives', () => {
    const vitals = freshVitals(0)
    expect(look(vitals, 25_000)).toBe('ask')
    expect(look(vitals, 26_000)).toBe('fine')
    received(vitals, 26_500)
    expect(look(vitals, 27_000)).toBe('fine')
    expect(look(vitals, 51_500)).toBe('ask')
  })

  it('is asked though the clock was set back since anything arrived', () => {
    const vitals = freshVitals(8 * 3_600_000)
    expect(look(vitals, 0)).toBe('ask')
    received(vitals, 1_000)
    expect(look(vitals, 2_000)).toBe('fine')
  })

  it('is not declared dead because this program was busy: looks count, not milliseconds', () => {
    const vitals = freshVitals(0)
    expect(look(vitals, 25_000)).toBe('ask')
    expect(look(vitals, 60_000)).toBe('fine')
  })
})

describe('the watch over all lines', () => {
  afterEach(() => vi.useRealTimers())

  function watch() {
    vi.useFakeTimers()
    const slept = vi.fn<() => void>()
    const line = {
      vitals: freshVitals(Date.now()),
      isOwed: () => false,
      ask: vi.fn<() => void>(),
      declareDead: vi.fn<() => void>(),
    }
    const liveness = new Liveness(() => Date.now(), slept)
    liveness.watch(line)
    return { liveness, slept, line }
  }

  it('asks a silent line once and then declares it dead', () => {
    const { line } = watch()
    vi.advanceTimersByTime(40_000)
    expect(line.ask).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(7_000)
    expect(line.declareDead).toHaveBeenCalled()
  })

  it('takes a long gap for sleep, after which all lines are stale', () => {
    const { slept, line } = watch()
    vi.setSystemTime(Date.now() + 60_000)
    vi.advanceTimersByTime(lookEvery)
    expect(slept).toHaveBeenCalledTimes(1)
    expect(line.ask).not.toHaveBeenCalled()
  })

  it('runs no timer when there is nothing to watch', () => {
    const { liveness, line } = watch()
    expect(vi.getTimerCount()).toBe(1)
    liveness.forget(line)
    expect(vi.getTimerCount()).toBe(0)
  })
})
