import { Failure } from '../../lib/failure.ts'
import type { Values } from '../handlers/common-parameters.ts'
import { cleanCharacters, isVisible } from '../../lib/text-encoding/clean-text.ts'
import { canonicalName, isListName } from './parameter-names.ts'

/** Texts in which blanks at the beginning mean something: a line that is set in the middle of a receipt. */
const keepsItsStart = new Set(['message', 'caption'])
/** May be given several times, or as a list: its values are separated by `|`. */
const listName = 'number'

/**
 * What a call gives, by name. Empty is as if it had not been given. The names are those that the call knows where they
 * are nearly so.
 *
 * @throws Failure parameter_invalid for a known name that has two values: neither may be dropped
 */
export function valuesByName(
  pairs: Iterable<readonly [name: string, value: unknown]>,
  known: ReadonlySet<string>,
): Values {
  const values = Object.create(null) as Values
  for (const [written, given] of pairs) {
    const name = nameOf(written, known)
    const value = tidied(name, given)
    if (value === undefined) continue
    const before = values[name]
    if (before === undefined || !known.has(name) || before === value) values[name] = value
    else if (
      name === listName &&
      isListName(written) &&
      typeof before === 'string' &&
      typeof value === 'string'
    )
      values[name] = `${before}|${value}`
    else throw givenTwice(name)
  }
  return values
}

/** As it was written where that is no name that the call knows: the operator is shown it. */
function nameOf(written: string, known: ReadonlySet<string>): string {
  const name = canonicalName(written)
  return known.has(name) ? name : written.trim()
}

function tidied(name: string, value: unknown): unknown {
  if (value === null) return undefined
  if (name === listName && Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return tidied(name, value.join('|'))
  if (typeof value !== 'string') return value
  const text = cleanCharacters(value)
  if (!isVisible(text)) return undefined
  return keepsItsStart.has(name) ? text.trimEnd() : text.trim()
}

function givenTwice(name: string): Failure {
  return new Failure(
    'parameter_invalid',
    `The parameter ${name} is given twice, with two values. Give one.`,
    {
      errors: { [name]: 'is given twice, with two values' },
    },
  )
}
