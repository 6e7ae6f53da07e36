import type { Words } from './en.ts'
import type { Language } from './language.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const locales: Record<Language, string> = { id: 'id-ID', en: 'en-GB' }

export type Format = ReturnType<typeof formatFor>

/** How numbers, times and phones are written in a language. Times are milliseconds since the epoch. */
export function formatFor(language: Language, t: Words) {
  const locale = locales[language]
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const clockWithSeconds = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
  const shortDate = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const count = new Intl.NumberFormat(locale)
  const size = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const { units } = t.common

  const moment = (at: number, now = Date.now()): string => {
    const days = daysBetween(at, now)
    if (days === 0) return clock.format(at)
    if (days === 1) return t.common.yesterday(clock.format(at))
    return `${date.format(at)}, ${clock.format(at)}`
  }

  return {
    count: (value: number) => count.format(value),
    clock: (at: number) => clock.format(at),
    clockWithSeconds: (at: number) => clockWithSeconds.format(at),
    date: (at: number) => date.format(at),
    /** "10:42", "yesterday, 10:42", "3 Nov 2026, 10:42". */
    moment,
    /** For narrow columns: the clock with seconds today, else day and clock. */
    short: (at: number, now = Date.now()): string =>
      daysBetween(at, now) === 0
        ? clockWithSeconds.format(at)
        : `${shortDate.format(at)}, ${clock.format(at)}`,
    duration: (ms: number): string => {
      if (ms < minuteMs) return units.seconds(Math.max(1, Math.round(ms / 1_000)))
      if (ms < hourMs) return units.minutes(Math.round(ms / minuteMs))
      if (ms < dayMs) return units.hours(Math.round(ms / hourMs))
      return units.days(Math.round(ms / dayMs))
    },
    /** "17 s", "2 min 40 s". */
    countdown: (ms: number): string => {
      const seconds = Math.max(0, Math.ceil(ms / 1_000))
      if (seconds < 60) return units.seconds(seconds)
      const minutes = units.minutes(Math.floor(seconds / 60))
      return seconds % 60 === 0 ? minutes : `${minutes} ${units.seconds(seconds % 60)}`
    },
    bytes: (bytes: number): string => {
      if (bytes < 1_024) return `${count.format(bytes)} B`
      if (bytes < 1_048_576) return `${size.format(bytes / 1_024)} KiB`
      return `${size.format(bytes / 1_048_576)} MiB`
    },
  }
}

/** Whole days by the calendar of this PC; 0 for the same day. */
function daysBetween(at: number, now: number): number {
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / dayMs)
}

/** Digits in groups as people write them: +62 812-3456-7890. */
export function phone(number: string): string {
  if (!/^\d{6,15}$/.test(number)) return number
  const country = number.startsWith('62') ? '62' : null
  if (country === null) return `+${number}`
  const rest = number.slice(2)
  return `+${country} ${rest.slice(0, 3)}-${(rest.slice(3).match(/\d{1,4}/g) ?? []).join('-')}`
}
