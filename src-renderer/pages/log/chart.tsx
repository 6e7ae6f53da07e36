import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { CountOfDay } from '../../../src-preload/contract.ts'
import { QueryBoundary } from '../../ui/layout/query-boundary.tsx'
import { useDictionary } from '../../i18n/dictionary.tsx'
import { useCallQuery } from '../../program/ipc-call.ts'
import { daysOf, type ChartData } from './chart-data.ts'
import classes from './log-page.module.css'

const days = 30
const height = 140
/** Seconds: bars stand at midnight and reach to both sides. */
const halfDaySeconds = 43_200

/** What left and what failed, a pair of bars a day. */
export function Chart({ deviceId }: { deviceId: string | null }) {
  const { t } = useDictionary()
  const [to] = useState(() => new Date().setHours(24, 0, 0, 0))
  const from = new Date(to).setDate(new Date(to).getDate() - days)
  const counts = useCallQuery('messages.countByDay', { from, to, deviceId })
  return (
    <section className={classes.chart} aria-label={t.log.chartTitle}>
      <div className={classes.chartHead}>
        <strong>{t.log.chartTitle}</strong>
        <span className={classes.legend}>
          <span>{t.log.chartSent}</span>
          <span className={classes.failed}>{t.log.chartFailed}</span>
        </span>
      </div>
      <QueryBoundary of={counts}>{(list) => <Drawing counts={list} from={from} />}</QueryBoundary>
    </section>
  )
}

function Drawing({ counts, from }: { counts: CountOfDay[]; from: number }) {
  const { t, format } = useDictionary()
  // Colours are read from the theme when it is drawn.
  const scheme = useComputedColorScheme()
  const data = useMemo(() => daysOf(counts, from, days), [counts, from])
  if (counts.length === 0) return <p>{t.log.chartEmpty}</p>
  const sent = counts.reduce((sum, day) => sum + day.sent, 0)
  const failed = counts.reduce((sum, day) => sum + day.failed, 0)
  return (
    <Bars key={scheme} data={data} summary={t.log.chartSummary(format.count(sent), format.count(failed))} />
  )
}

function Bars({ data, summary }: { data: ChartData; summary: string }) {
  const { format } = useDictionary()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const plot = new uPlot(optionsFor(element, format.count, format.date), data, element)
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [data, format])
  return <div ref={place} role="img" aria-label={summary} />
}

function optionsFor(
  element: HTMLElement,
  count: (value: number) => string,
  date: (at: number) => string,
): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const bars = (align: -1 | 1, max: number) => uPlot.paths.bars?.({ size: [0.4, max], align, radius: 0.25 })
  const axis = { stroke: colour('--mantine-color-dimmed'), ticks: { show: false }, font: '12px system-ui' }
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true, range: (_, least, most) => [least - halfDaySeconds, most + halfDaySeconds] },
      y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        grid: { show: false },
        values: (_, at) => at.map((one) => date(one * 1_000).replace(/ \d{4}$/, '')),
      },
      {
        ...axis,
        // As wide as the longest number: the bars begin where the heading does.
        size: (_, labels) => 10 + 8 * Math.max(1, ...(labels ?? []).map((label) => label.length)),
        grid: { stroke: colour('--kurir-line'), width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000],
        values: (_, at) => at.map(count),
      },
    ],
    series: [
      {},
      { fill: colour('--mantine-color-anchor'), width: 0, points: { show: false }, ...pathsOf(bars(-1, 22)) },
      { fill: colour('--kurir-bad'), width: 0, points: { show: false }, ...pathsOf(bars(1, 22)) },
    ],
  }
}

const pathsOf = (paths: uPlot.Series.PathBuilder | undefined) => (paths === undefined ? {} : { paths })
