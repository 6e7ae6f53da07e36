import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { MaskedStanza } from '../src-main/devices/trace/stanza-masker.ts'

/*
 * Turns traces of `--trace-stanzas` into fixtures for the sandbox:
 *
 *   node scripts/stanza-shapes.ts TRACE                   the shapes in it, as JSON: a file of tests/sandbox/fixtures/
 *   node scripts/stanza-shapes.ts TRACE --against OTHER   which shapes only one of the two has
 *
 * A shape is a stanza's tags, the names of its attributes, the values of those that are the protocol's own words, and the
 * kind of every JID. What differs from run to run (ids, numbers, times) is no part of it.
 */

const masked: z.ZodType<MaskedStanza> = z.lazy(() =>
  z.strictObject({
    tag: z.string(),
    attrs: z.record(z.string(), z.string()),
    children: z.array(masked).optional(),
  }),
) as z.ZodType<MaskedStanza>
const header = z.object({ trace: z.literal('kurir-stanzas'), form: z.literal(1), version: z.string() })
const traced = z.strictObject({
  at: z.number(),
  device: z.number(),
  direction: z.enum(['in', 'out']),
  stanza: masked,
})

export interface Shape {
  direction: 'in' | 'out'
  shape: string
  /** How often it came. */
  count: number
}

/** The shapes of a trace, each once, in the order in which they first came. Throws where the file is no trace. */
export function shapesOf(trace: string): Shape[] {
  const [first = '', ...lines] = trace.split('\n').filter((line) => line !== '')
  header.parse(JSON.parse(first))
  const shapes = new Map<string, Shape>()
  for (const line of lines) {
    const { direction, stanza } = traced.parse(JSON.parse(line))
    const shape = shapeOf(stanza)
    const known = shapes.get(`${direction} ${shape}`)
    if (known === undefined) shapes.set(`${direction} ${shape}`, { direction, shape, count: 1 })
    else known.count++
  }
  return [...shapes.values()]
}

/** What only one of two has, without regard to how often. */
export function differences(
  one: readonly Shape[],
  other: readonly Shape[],
): { only: string[]; missing: string[] } {
  const names = (shapes: readonly Shape[]): Set<string> =>
    new Set(shapes.map(({ direction, shape }) => `${direction} ${shape}`))
  const [left, right] = [names(one), names(other)]
  return {
    only: [...left].filter((name) => !right.has(name)),
    missing: [...right].filter((name) => !left.has(name)),
  }
}

/** Attributes whose value makes a stanza another one. */
const notifying: ReadonlySet<string> = new Set(
  'type class xmlns mediatype error code op_name stage edit view_once addressing_mode category v'.split(' '),
)

/** `message[from@lid id type=text](enc[type=msg v=2])`; children that are alike are named once. */
export function shapeOf({ tag, attrs, children = [] }: MaskedStanza): string {
  const attributes = Object.entries(attrs)
    .map(([name, value]) => {
      const server = /@([a-z.]+)$/.exec(value)?.[1]
      if (server !== undefined) return `${name}@${server}`
      return notifying.has(name) ? `${name}=${value}` : name
    })
    .toSorted()
  const inner = [...new Set(children.map(shapeOf))].toSorted()
  const own = `${tag}${attributes.length > 0 ? `[${attributes.join(' ')}]` : ''}`
  return inner.length > 0 ? `${own}(${inner.join(' ')})` : own
}

function main([file, option, other]: string[]): void {
  if (file === undefined || (option !== undefined && (option !== '--against' || other === undefined))) {
    process.stderr.write('node scripts/stanza-shapes.ts TRACE [--against OTHER]\n')
    process.exitCode = 1
    return
  }
  const shapes = shapesOf(readFileSync(file, 'utf8'))
  const result = other === undefined ? shapes : differences(shapes, shapesOf(readFileSync(other, 'utf8')))
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2))
