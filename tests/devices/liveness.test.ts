import { describe, expect, it } from 'vitest'
import { freshVitals, look, lookEvery, received } from '../../src-main/devices/liveness.ts'

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

  it('is not declared dead because this program was busy: looks count, not milliseconds', () => {
    const vitals = freshVitals(0)
    expect(look(vitals, 9_000)).toBe('ask')
    expect(look(vitals, 18_000)).toBe('fine')
  })
})
