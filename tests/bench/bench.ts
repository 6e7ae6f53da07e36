/**
 * The benchmarks:
 *
 *   npm run bench [-- --quick] [-- --json FILE] [-- --only NAME,NAME] [-- --no-page]
 *
 * Every figure is a ratio against a baseline of the same run, or an absolute limit; docs/benchmarks.md and its
 * plots are written anew, unless only some figures were asked for.
 */
import { parseArgs } from 'node:util'
import type { Effort, Figure, Outcome } from './figure.ts'
import { figures } from './figures.ts'
import { figureNames, goals } from './goals.ts'
import { copyBuild } from './kurir.ts'
import { machineLines } from './machine.ts'
import { verdict, writeJson, writePage } from './report.ts'
import { median, rounded } from './statistics.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
    'no-page': { type: 'boolean', default: false },
  },
})

const quick = values.quick
const effort: Effort = {
  quick,
  rounds: quick ? 3 : 5,
  say: (line) => console.log(`  ${line}`),
}
const wanted = new Set<string>(values.only?.split(',') ?? figureNames)
const head = machineLines(effort)
for (const line of head) console.log(line)
copyBuild()

const outcomes: Outcome[] = []
for (const figure of figures) if (isWanted(figure)) outcomes.push(...(await measured(figure)))

for (const outcome of outcomes) {
  const { unit } = goals[outcome.name]
  console.log(`${outcome.name}: ${rounded(median(outcome.samples))} ${unit} ${verdict(outcome)}`)
}
if (values.json !== undefined) writeJson(values.json, outcomes)
if (values.only === undefined && !values['no-page']) writePage(outcomes, head)
// A child that does not want to go is not waited for.
process.exit(0)

function isWanted({ names }: Figure): boolean {
  return names.some((name) => wanted.has(name)) && !(quick && names.every((name) => name === 'rss_500'))
}

async function measured(figure: Figure): Promise<Outcome[]> {
  const began = performance.now()
  console.log(figure.names.join(', '))
  const found = await figure.measure(effort)
  console.log(`  took ${Math.round((performance.now() - began) / 1_000)} s`)
  return found
}
