import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  initialHeartbeat,
  Heartbeat,
  checkHeartbeat,
  checkIntervalMs,
  received,
} from '../../src-main/devices/lifecycle/heartbeat.ts'

/** Looks every second until the line is dead; the answer is after how long, and when it was asked. */
function untilDead(firstCheckDelayMs: number, isOwed = false): { asked: number; dead: number } {
  const heartbeat = initialHeartbeat(0)
  let asked = 0
  for (let now = firstCheckDelayMs; ; now += checkIntervalMs) {
    const found = checkHeartbeat(heartbeat, now, isOwed)
    if (found === 'ask') asked = now
    if (found === 'dead') return { asked, dead: now }
  }
}

describe('a line that went silent', () => {
  it.each([0, 1, 500, 999])(
    'is asked after 25 s and given up after 45, looked at from %i ms on',
    (firstCheckDelayMs) => {
      const { asked, dead } = untilDead(firstCheckDelayMs)
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
    const heartbeat = initialHeartbeat(0)
    expect(checkHeartbeat(heartbeat, 25_000)).toBe('ask')
    expect(checkHeartbeat(heartbeat, 26_000)).toBe('fine')
    received(heartbeat, 26_500)
    expect(checkHeartbeat(heartbeat, 27_000)).toBe('fine')
    expect(checkHeartbeat(heartbeat, 51_500)).toBe('ask')
  })

  it('is asked though the clock was set back since anything arrived', () => {
    const heartbeat = initialHeartbeat(8 * 3_600_000)
    expect(checkHeartbeat(heartbeat, 0)).toBe('ask')
    received(heartbeat, 1_000)
    expect(checkHeartbeat(heartbeat, 2_000)).toBe('fine')
  })

  it('is not declared dead because this program was busy: looks count, not milliseconds', () => {
    const heartbeat = initialHeartbeat(0)
    expect(checkHeartbeat(heartbeat, 25_000)).toBe('ask')
    expect(checkHeartbeat(heartbeat, 60_000)).toBe('fine')
  })
})

describe('the watch over all lines', () => {
  afterEach(() => vi.useRealTimers())

  function watch() {
    vi.useFakeTimers()
    const slept = vi.fn<() => void>()
    const line = {
      heartbeat: initialHeartbeat(Date.now()),
      isOwed: () => false,
      ask: vi.fn<() => void>(),
      onTimeout: vi.fn<() => void>(),
    }
    const heartbeats = new Heartbeat(() => Date.now(), slept)
    heartbeats.watch(line)
    return { heartbeats, slept, line }
  }

  it('asks a silent line once and then declares it dead', () => {
    const { line } = watch()
    vi.advanceTimersByTime(40_000)
    expect(line.ask).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(7_000)
    expect(line.onTimeout).toHaveBeenCalled()
  })

  it('takes a long gap for sleep, after which all lines are stale', () => {
    const { slept, line } = watch()
    vi.setSystemTime(Date.now() + 60_000)
    vi.advanceTimersByTime(checkIntervalMs)
    expect(slept).toHaveBeenCalledTimes(1)
    expect(line.ask).not.toHaveBeenCalled()
  })

  it('runs no timer when there is nothing to watch', () => {
    const { heartbeats, line } = watch()
    expect(vi.getTimerCount()).toBe(1)
    heartbeats.forget(line)
    expect(vi.getTimerCount()).toBe(0)
  })
})
