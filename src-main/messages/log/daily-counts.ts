import type { CountsTable } from '../store/counts-table.ts'

/** One day of one device, or of all, by the clock of this PC: `day` as YYYY-MM-DD. */
export interface CountOfDay {
  day: string
  sent: number
  failed: number
}

/** How many messages left and failed, by device and day. */
export class Counts {
  readonly #table: CountsTable

  constructor(table: CountsTable) {
    this.#table = table
  }

  /** Only inside Database.write. */
  add(deviceId: string, sent: boolean, at: number): void {
    this.#table.count(dayOf(at), deviceId, sent ? 1 : 0, sent ? 0 : 1)
  }

  /** By device id; devices without any are left out. */
  ofDay(at: number): Map<string, { sent: number; failed: number }> {
    const day = dayOf(at)
    return new Map(
      this.#table.between(day, day).map(({ deviceId, sent, failed }) => [deviceId, { sent, failed }]),
    )
  }

  /** One entry for each day that has any, oldest first; times in milliseconds. */
  byDay(from: number, to: number, deviceId: string | null): CountOfDay[] {
    const days = new Map<number, CountOfDay>()
    for (const row of this.#table.between(dayOf(from), dayOf(to))) {
      if (deviceId !== null && row.deviceId !== deviceId) continue
      const day = days.get(row.day) ?? { day: dayText(row.day), sent: 0, failed: 0 }
      days.set(row.day, { ...day, sent: day.sent + row.sent, failed: day.failed + row.failed })
    }
    return [...days.values()]
  }

  sentInAll(deviceId: string): number {
    return this.#table.sentInAll(deviceId)
  }
}

let lastQuarter = { number: NaN, day: 0 }

/** The local day as a number, 20261122. Kept for a quarter of an hour, since it is asked for every message. */
function dayOf(at: number): number {
  const quarter = Math.floor(at / 900_000) // zones are off by quarters of an hour
  if (quarter !== lastQuarter.number) {
    const date = new Date(at)
    lastQuarter = {
      number: quarter,
      day: date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate(),
    }
  }
  return lastQuarter.day
}

function dayText(day: number): string {
  const digits = String(day)
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
}
