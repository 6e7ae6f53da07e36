import { Failure } from '../../lib/failure.ts'
import { maxFields, tooManyFields } from './body-limits.ts'

/**
 * The members of a JSON object, in their order and with equal names apart; none for `null`, `""`, `[]` and nothing at
 * all. A number is the very digits that were written. An object in a string or alone in a list is read as if it stood by
 * itself.
 *
 * @throws Failure json_invalid, which says what is wrong; body_unreadable for more names than a call can have
 */
export function readJson(text: string): [name: string, value: unknown][] {
  return membersOf(text.trim(), 0)
}

/** Whether a body is meant as JSON, by its first character. */
export function looksLikeJson(text: string): boolean {
  return /^[\s\ufeff]*[{["']/.test(text)
}

function membersOf(text: string, depth: number): [string, unknown][] {
  if (text === '') return []
  const parsed = parse(text)
  if (parsed === null) return []
  // PHP writes an empty array for no parameters at all: Laravel's Http::post() with everything in its address.
  if (Array.isArray(parsed)) {
    if (parsed.length === 0) return []
    if (parsed.length > 1) throw invalid('It is a list of several calls: make each of them by itself.')
    if (depth >= maxDepth) throw invalid('It is not an object: put the parameters into { and }.')
    return membersOf(text.slice(1, -1).trim(), depth + 1)
  }
  if (typeof parsed === 'object') return topLevelMembers(text, parsed)
  if (typeof parsed === 'string' && depth < maxDepth) return membersOf(parsed.trim(), depth + 1)
  throw invalid('It is not an object: put the parameters into { and }.')
}

/** An object in a string in a list in a string: what is deeper than that was not meant. */
const maxDepth = 3

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(endsTooEarly(text, error) ?? complaintAbout(text), error)
  }
}

/** The text is valid JSON: an object. JSON.parse has lost what is read here, equal names and digits. */
function topLevelMembers(text: string, parsed: object): [string, unknown][] {
  const members: [string, unknown][] = []
  const values = parsed as Record<string, unknown>
  for (let at = 1; ;) {
    at = behindBlanks(text, at)
    if (text[at] !== '"') return members
    const nameEnd = behindString(text, at)
    const name = JSON.parse(text.slice(at, nameEnd)) as string
    const start = behindBlanks(text, text.indexOf(':', nameEnd) + 1)
    const end = behindValue(text, start)
    members.push([name, valueOf(text.slice(start, end).trim(), values[name])])
    if (members.length > maxFields) throw tooManyFields()
    at = end + 1
  }
}

function valueOf(source: string, parsed: unknown): unknown {
  const first = source[0] ?? ''
  if (first === '"') return JSON.parse(source)
  if (first === '[') return listOf(source)
  // An exponent is for programs; whoever means digits writes them.
  if (/^-?\d+(\.\d+)?$/.test(source)) return source
  return first === '{' ? parsed : (JSON.parse(source) as unknown)
}

/** A list of texts and numbers, each as it is written; another list as it is. */
function listOf(source: string): unknown {
  const items: unknown[] = []
  for (let at = 1; ;) {
    const start = behindBlanks(source, at)
    if (source[start] === ']' || start >= source.length) return items
    if (source[start] === '[' || source[start] === '{') return {}
    const end = behindValue(source, start)
    items.push(valueOf(source.slice(start, end).trim(), null))
    at = end + 1
    if (source[end] === ']') return items
  }
}

function behindBlanks(text: string, from: number): number {
  const blanks = /[\s,]*/y
  blanks.lastIndex = from
  blanks.exec(text)
  return Math.max(from, blanks.lastIndex)
}

function behindString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
  }
  return text.length
}

/** The place of the `,`, `}` or `]` that ends a value. */
function behindValue(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') at = behindString(text, at) - 1
    else if (character === '{' || character === '[') depth += 1
    else if (depth === 0 && (character === ',' || character === '}' || character === ']')) return at
    else if (character === '}' || character === ']') depth -= 1
  }
  return text.length
}

/** V8 says where it stopped: behind the last character, or inside of a text that has no end. */
function endsTooEarly(text: string, error: unknown): string | null {
  const said = error instanceof Error ? error.message : ''
  const [, position = ''] = /at position (\d+)/.exec(said) ?? []
  const isCut = /unexpected end|unterminated/i.test(said) || Number(position || '-1') >= text.length
  return isCut && /^[{["]/.test(text) ? 'It ends too early: was it cut?' : null
}

function complaintAbout(text: string): string {
  if (/^'|^\{\s*'|[{,]\s*'[^'"]{1,40}'\s*:/.test(text.slice(0, 2_048)))
    return 'It is written with single quotes: JSON takes double quotes only. In cmd.exe, write \\" for each of them.'
  const lineBreak = rawControl(text)
  if (lineBreak !== null)
    return `There is a raw line break or tab in a text, at position ${String(lineBreak)}: write \\n or \\t.`
  if (/^\{\s*[A-Za-z_]/.test(text)) return 'A name has no quotes: write {"number": "…"}.'
  if (/,\s*[}\]]\s*$/.test(text.slice(-200))) return 'There is a comma behind the last value.'
  return 'Check its quotes and commas, that quotes in texts are \\", and that line breaks in texts are \\n.'
}

/** The place of the first control character inside of a string. */
function rawControl(text: string): number | null {
  let isInside = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (isInside && character === '\\') at += 1
    else if (character === '"') isInside = !isInside
    else if (isInside && character < ' ') return at
  }
  return null
}

function invalid(complaint: string, cause?: unknown): Failure {
  return new Failure('json_invalid', `The body is not valid JSON. ${complaint}`, { cause })
}
