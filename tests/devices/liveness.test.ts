import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  freshVitals,
  Liveness,
  look,
  lookEvery,
  received,
} from '../../src-main/devices/lifecycle/liveness.ts'

/** Looks every second until the line is dead; the answer is after how long, and when it was asked. */
function untilDead(firstLook: number): { asked: number; dead: number } {
  const vitals = freshVitals(0)
  let asked = 0
  for (let now = firstLook; ; now += lookEvery) {
    const found = look(vitals, now)
    if (found === 'ask') asked = now
    if (found === 'dead') return { asked, dead: now }
  }
}

describe('a line that went silent', () => {
  it.each([0, 1, 500, 999])('is noticed within 15 s, looked at from %i ms on', (firstLook) => {
    const { asked, dead } = untilDead(firstLook)
    expect(asked).toBeLessThan(10_000)
    expect(dead).toBeLessThan(15_000)
  })

  it('is fine as soon as anything arrives', () => {
    const vitals = freshVitals(0)
    expect(look(vitals, 9_000)).toBe('ask')
    expect(look(vitals, 10_000)).toBe('fine')
    received(vitals, 10_500)
    expect(look(vitals, 11_000)).toBe('fine')
    expect(look(vitals, 19_500)).toBe('ask')
  })

  it('is asked though the clock was set back since anything arrived', () => {
    const vitals = freshVitals(8 * 3_600_000)
    expect(look(vitals, 0)).toBe('ask')
    received(vitals, 1_000)
    expect(look(vitals, 2_000)).toBe('fine')
  })

  it('is not declared dead because this program was busy: looks count, not milliseconds', () => {
    const vitals = freshVitals(0)
    expect(look(vitals, 9_000)).toBe('ask')
    expect(look(vitals, 18_000)).toBe('fine')
  })
})

describe('the watch over all lines', () => {
  afterEach(() => vi.useRealTimers())

  function watch(): {
    liveness: Liveness
    slept: () => void
    line: { vitals: ReturnType<typeof freshVitals>; ask: () => void; declareDead: () => void }
  } {
    vi.useFakeTimers()
    const slept = vi.fn<() => void>()
    const line = {
      vitals: freshVitals(Date.now()),
      ask: vi.fn<() => void>(),
      declareDead: vi.fn<() => void>(),
    }
    const liveness = new Liveness(() => Date.now(), slept)
    liveness.watch(line)
    return { liveness, slept, line }
  }

  it('asks a silent line once and then declares it dead', () => {
    const { line } = watch()
    vi.advanceTimersByTime(12_000)
    expect(line.ask).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(3_000)
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
