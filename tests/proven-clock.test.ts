import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProvenClock } from '../src-main/lib/proven-clock.ts'

const hour = 3_600_000
const day = 24 * hour
const year = 365 * day
const today = Date.UTC(2026, 10, 30)

let folder = ''
let now = today
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kurir-clock-'))
  now = today
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())
const start = (newestKnown: number | null = null) => new ProvenClock(folder, newestKnown, () => now)

/** Lets time pass as it does while the program runs. */
function run(milliseconds: number, clockRuns = true): void {
  for (let passed = 0; passed < milliseconds; passed += 10 * 60_000) {
    if (clockRuns) now += 10 * 60_000
    vi.advanceTimersByTime(10 * 60_000)
  }
}

test('a start two years ahead removes by the time of the last run, and the mended clock is believed at once', () => {
  start().stop()
  now += 2 * year
  const clock = start()
  expect(clock.cautiousNow()).toBe(today)
  run(2 * hour)
  expect(clock.cautiousNow()).toBe(today)
  clock.stop()
  now = today + hour
  const mended = start()
  expect(mended.cautiousNow()).toBe(today + hour)
  mended.stop()
})

test('a folder without a proof takes the newest row for one', () => {
  now += 2 * year
  const clock = start(today)
  expect(clock.cautiousNow()).toBe(today)
  clock.stop()
})

test('a weekend switched off is believed once WhatsApp says the time, or after a day of running on', () => {
  start().stop()
  now += 3 * day
  const confirmed = start()
  expect(confirmed.cautiousNow()).toBe(today)
  confirmed.confirm(now - 60_000)
  expect(confirmed.cautiousNow()).toBe(now)
  confirmed.stop()
  now += 3 * day
  const alone = start()
  expect(alone.cautiousNow()).toBe(now - 3 * day)
  run(day + hour)
  expect(alone.cautiousNow()).toBe(now)
  alone.stop()
})

test('WhatsApp’s time does not make a clock believed that is years ahead of it', () => {
  start().stop()
  now += 2 * year
  const clock = start()
  clock.confirm(today + hour)
  expect(clock.cautiousNow()).toBe(today + hour)
  clock.stop()
})

test('a clock that simply runs is believed', () => {
  const clock = start()
  run(5 * day)
  expect(clock.cautiousNow()).toBe(now)
  clock.stop()
})
