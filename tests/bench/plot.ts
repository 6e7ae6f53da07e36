import { goals, type FigureName } from './goals.ts'
import type { Outcome, Side } from './figure.ts'
import { median, rounded } from './statistics.ts'

const width = 720
const left = 250
const right = 70
const row = 44
const top = 64

interface Mark {
  label: string
  at: number
}

/** A plot as SVG: a bar for each side's median, a dot for each round, and lines for goal and defect. */
export function plot({ name, sides, samples }: Outcome): string {
  const marks = marksOf(name, sides)
  const shown = sides.length === 0 ? [{ label: 'Kurir', unit: goals[name].unit, samples }] : sides
  const most = Math.max(...shown.flatMap((side) => side.samples), ...marks.map(({ at }) => at)) * 1.08
  const x = (value: number): number => left + (value / most) * (width - left - right)
  const height = top + shown.length * row + 34
  const parts = [
    text(16, 26, `${name}: ${goals[name].says}`, 'font-weight="600"'),
    text(16, 46, resultLine(name, samples), 'fill="#667085"'),
    ...shown.flatMap((side, index) => bar(side, top + index * row, x, index === shown.length - 1)),
    ...marks.flatMap((mark) => line(mark, x, height)),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1d2939">
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`
}

function resultLine(name: FigureName, samples: readonly number[]): string {
  const { unit, goal, defect, better } = goals[name]
  const value = `${rounded(median(samples))}${unit === '' ? '' : ` ${unit}`}`
  const than = better === 'more' ? ['≥', '<'] : ['≤', '>']
  return `${value} · goal ${than[0]} ${goal} · defect ${than[1]} ${defect}`
}

/** Where goal and defect lie on the axis of the absolute values: ratios are of the baseline, which comes first. */
function marksOf(name: FigureName, sides: readonly Side[]): Mark[] {
  const { unit, goal, defect, better } = goals[name]
  const [baseline, ...others] = sides
  if (unit !== '') return both(goal, defect)
  if (baseline === undefined || others.length === 0) return []
  const base = median(baseline.samples)
  // A rate's ratio grows with it; that of two times does too; that of a rate from times is the inverse.
  const isInverse = better === 'more' && baseline.unit === 'ms'
  return isInverse ? both(base / goal, base / defect) : both(base * goal, base * defect)
}

function both(goal: number, defect: number): Mark[] {
  return [
    { label: 'goal', at: goal },
    { label: 'defect', at: defect },
  ]
}

function bar(side: Side, y: number, x: (value: number) => number, isLast: boolean): string[] {
  const middle = median(side.samples)
  const fill = isLast ? '#12715b' : '#98a2b3'
  return [
    text(left - 12, y + 20, side.label, 'text-anchor="end"'),
    `<rect x="${left}" y="${y + 6}" width="${(x(middle) - left).toFixed(1)}" height="20" rx="3" fill="${fill}"/>`,
    ...side.samples.map(
      (value) => `<circle cx="${x(value).toFixed(1)}" cy="${y + 16}" r="3" fill="none" stroke="#1d2939"/>`,
    ),
    text(width - right + 8, y + 20, `${rounded(middle)} ${side.unit}`),
  ]
}

function line({ label, at }: Mark, x: (value: number) => number, height: number): string[] {
  const colour = label === 'goal' ? '#12715b' : '#b42318'
  const place = x(at).toFixed(1)
  return [
    `<line x1="${place}" y1="${top - 4}" x2="${place}" y2="${height - 28}" stroke="${colour}" stroke-dasharray="4 3"/>`,
    text(Number(place), height - 14, label, `text-anchor="middle" fill="${colour}" font-size="11"`),
  ]
}

function text(x: number, y: number, words: string, more = ''): string {
  const plain = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<text x="${x}" y="${y}" ${more}>${plain}</text>`
}
