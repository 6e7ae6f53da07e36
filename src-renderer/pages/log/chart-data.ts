import type { CountOfDay } from '../../../src-preload/contract.ts'

/** Seconds since the epoch, sent, failed: a column each, as uPlot takes them. */
export type ChartData = [number[], number[], number[]]

/** One entry for each of `days` days beginning at `from`, those without messages included. */
export function daysOf(counts: readonly CountOfDay[], from: number, days: number): ChartData {
  const byDay = new Map(counts.map((count) => [count.day, count]))
  const data: ChartData = [[], [], []]
  for (let index = 0; index < days; index += 1) {
    const day = new Date(from)
    day.setDate(day.getDate() + index)
    const count = byDay.get(nameOf(day))
    data[0].push(day.getTime() / 1_000)
    data[1].push(count?.sent ?? 0)
    data[2].push(count?.failed ?? 0)
  }
  return data
}

function nameOf(day: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}
