import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Outcome } from './figure.ts'
import { figureNames, goals, isDefect, isMet, type FigureName } from './goals.ts'
import { plot } from './plot.ts'
import { median, rounded } from './statistics.ts'

const page = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md')
const plots = join(dirname(page), 'benchmarks')
/** What lies between these is a run's; what is outside was written by hand and stays. */
const begin = '<!-- figures: written by npm run bench -->'
const end = '<!-- end of figures -->'

interface JsonFigure {
  value: number
  goal: number
  defect: number
  met: boolean
  samples: number[]
}

/** Every figure by name, as `--json` writes it. */
function jsonOf(outcomes: readonly Outcome[]): Partial<Record<FigureName, JsonFigure>> {
  return Object.fromEntries(
    inOrder(outcomes).map((outcome) => {
      const value = median(outcome.samples)
      const { goal, defect } = goals[outcome.name]
      return [outcome.name, { value, goal, defect, met: metBy(outcome), samples: outcome.samples }]
    }),
  )
}

export function writeJson(file: string, outcomes: readonly Outcome[]): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(jsonOf(outcomes), null, 2)}\n`)
}

/** Puts the figures into docs/benchmarks.md and their plots beside it. */
export function writePage(outcomes: readonly Outcome[], head: readonly string[]): void {
  mkdirSync(plots, { recursive: true })
  for (const outcome of outcomes) writeFileSync(join(plots, `${outcome.name}.svg`), plot(outcome))
  const kept = readFileSync(page, 'utf8')
  const before = kept.slice(0, kept.indexOf(begin) + begin.length)
  const after = kept.slice(kept.indexOf(end))
  writeFileSync(page, `${before}\n\n${figuresText(inOrder(outcomes), head)}\n\n${after}`)
}

function figuresText(outcomes: readonly Outcome[], head: readonly string[]): string {
  const rows = outcomes.map((outcome) => tableRow(outcome))
  return [
    ...head.map((line) => `- ${line}`),
    '',
    '| figure | median | least | most | goal | defect | |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...rows,
    ...outcomes.flatMap((outcome) => ['', ...sectionOf(outcome)]),
  ].join('\n')
}

function tableRow(outcome: Outcome): string {
  const { goal, defect, better, unit } = goals[outcome.name]
  const [atLeast, beyond] = better === 'more' ? ['≥', '<'] : ['≤', '>']
  const of = (value: number): string => `${rounded(value)}${unit === '' ? '' : ` ${unit}`}`
  const { samples } = outcome
  const cells = [
    `[${outcome.name}](#${outcome.name})`,
    of(median(samples)),
    of(Math.min(...samples)),
    of(Math.max(...samples)),
    `${atLeast} ${goal}`,
    `${beyond} ${defect}`,
    verdict(outcome),
  ]
  return `| ${cells.join(' | ')} |`
}

function sectionOf({ name, sides, notes = [] }: Outcome): string[] {
  const absolute = sides.map(
    ({ label, unit, samples }) =>
      `- ${label}: ${rounded(median(samples))} ${unit} (${rounded(Math.min(...samples))} to ${rounded(Math.max(...samples))})`,
  )
  return [
    `### ${name}`,
    '',
    `${goals[name].says}.`,
    '',
    ...absolute,
    ...notes.map((note) => `- ${note}`),
    '',
    `![${name}](benchmarks/${name}.svg)`,
  ]
}

export function verdict(outcome: Outcome): string {
  if (metBy(outcome)) return 'met'
  return isDefect(median(outcome.samples), goals[outcome.name]) ? '**defect**' : 'missed'
}

function metBy({ name, samples, alsoMet = true }: Outcome): boolean {
  return isMet(median(samples), goals[name]) && alsoMet
}

function inOrder(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.toSorted((one, other) => figureNames.indexOf(one.name) - figureNames.indexOf(other.name))
}
