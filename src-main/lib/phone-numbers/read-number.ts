import { Failure } from '../failure.ts'
import { digitsIn, plainText } from './characters.ts'
import { takeLabel, whatsAppLink } from './number-labels.ts'
import { faultSentence, minDigits, problemOf, type NumberFault } from './number-fault.ts'
import { callingCodeOf, dialledAbroad, hasTrunkZero, isAssigned } from './numbering-plans.ts'
import { resolveDigits, type ReadNumber } from './resolve-digits.ts'

/** What a written text means: one number, or several that are parted by blanks or slashes alone. */
export type ReadNumbers = ReadNumber | { several: { written: string; number: string }[] }

/** How many parts of a text may still be looked up in the numbering plans, which takes a tenth of a millisecond each. */
export interface LookUps {
  left: number
}

/**
 * Reads one phone number as people, spreadsheets and programs write it. Nothing is skipped to find digits: what stands
 * before, between and behind them is either known to mean nothing, or the number is refused and the part quoted.
 *
 * @param countryCode of the country that numbers without a code are of, such as 62
 */
export function readNumber(written: string, countryCode: string): ReadNumber {
  const read = readNumbers(written, countryCode)
  return 'several' in read ? { fault: { kind: 'several' } } : read
}

/**
 * The number that a text means. Throws Failure number_invalid, number_too_short, number_too_long.
 *
 * @param parameter what the caller named it by
 */
export function requireNumber(written: string, countryCode: string, parameter: string): string {
  const read = readNumber(written, countryCode)
  if ('number' in read) return read.number
  throw new Failure(problemOf(read.fault), faultSentence(read.fault), {
    errors: { [parameter]: 'is not a phone number' },
  })
}

/** As `readNumber`, but takes several numbers where only blanks or slashes part them, until the look-ups are used up. */
export function readNumbers(
  written: string,
  countryCode: string,
  lookUps: LookUps = { left: Infinity },
): ReadNumbers {
  const decoded = percentDecoded(written)
  const link = whatsAppLink(plainText(decoded).plain)
  const { plain, writtenAs } = plainText(link ?? decoded)
  if (isRounded(plain)) return { fault: { kind: 'rounded' } }
  const at = plain.lastIndexOf('@')
  const refused = at === -1 ? null : foreignAddress(plain.slice(0, at), plain.slice(at + 1))
  if (refused !== null) return { fault: refused }
  const user = at === -1 ? plain : plain.slice(0, at).replace(/:\d{1,3}\s*$/, '')
  const begin = takeLabel(user)
  const fraction = withoutFraction(user.slice(begin))
  if ('fault' in fraction) return fraction
  const body = bodyOf(fraction.text)
  if (body === null) {
    const before = /^\P{N}+/u.exec(fraction.text)?.[0].length ?? fraction.text.length
    const isNumber = /\p{N}/u.test(fraction.text)
    return { fault: isNumber ? foreign(writtenAs(begin, begin + before)) : { kind: 'no_number' } }
  }
  const strange = strangeTail(fraction.text.slice(body.length))
  if (strange !== null) {
    return {
      fault: foreign(writtenAs(begin + body.length + strange.begin, begin + body.length + strange.end)),
    }
  }
  return numbersIn(body, countryCode, lookUps)
}

/** `%2B62 812`, which a caller has encoded twice. */
function percentDecoded(written: string): string {
  return written.replaceAll(/%(?:2B|20|28|29|2D)/gi, (escape) => decodeURIComponent(escape))
}

/** What a spreadsheet makes of a long number, `6.28123E+12`: the digits that are left are another phone's. */
function isRounded(plain: string): boolean {
  return /^['"=\s+]*\d+(?:[.,]\d+)?e[+ ]?\d+['"\s]*$/i.test(plain)
}

function foreignAddress(user: string, domain: string): NumberFault | null {
  const name = domain.trim().toLowerCase()
  if (name === 's.whatsapp.net' || name === 'c.us') return null
  if (name === 'lid' || name === 'hosted.lid') return { kind: 'lid' }
  if (name === 'broadcast' || /^\s*status$/i.test(user)) return { kind: 'status' }
  if (/^[\w-]+(?:\.[\w-]+)+$/.test(name) && name !== 'g.us') return { kind: 'mail' }
  return { kind: 'address' }
}

/**
 * Without the fraction that a number has which was kept as a float or a sum of money. Points that part groups are none:
 * those stand before three digits and more, or there are several.
 */
function withoutFraction(text: string): { text: string } | { fault: NumberFault } {
  const core = text.replace(/(?<![\s)'"’”>\]])[\s)'"’”>\]]+$/, '')
  if (/^\+?\d{1,3}(?:,\d{3}){2,}$/.test(core)) return { text: core.replaceAll(',', '') }
  const match = /^(.*\d)([.,])(\d+)$/s.exec(core)
  const [, whole = '', mark = '', fraction = ''] = match ?? []
  if (match === null || digitsIn(whole).length < minDigits) return { text }
  const isZero = /^0+$/.test(fraction)
  const thousands = /^\+?\d{1,3}(?:,\d{3}){2,}$/.test(whole)
  if (mark === ',' || thousands) {
    const plain = whole.replaceAll(',', '')
    if (isZero && (thousands || !whole.includes(','))) return { text: plain }
    return { fault: { kind: 'decimal', part: mark + fraction } }
  }
  const groups = whole.split('.')
  if (groups.length === 1) {
    if (isZero) return { text: whole }
    return fraction.length <= 2 ? { fault: { kind: 'decimal', part: `.${fraction}` } } : { text }
  }
  const odd = isZero && fraction.length <= 2 && digitsIn(groups.at(-1) ?? '').length !== fraction.length
  return odd ? { fault: { kind: 'decimal', part: `.${fraction}` } } : { text }
}

/** The digits at the beginning with all that may stand between them, up to the last one; null if there is none. */
function bodyOf(text: string): string | null {
  return /^[\s()+\-./]*\d(?:[\s()+\-./:\d]*\d)?/.exec(text)?.[0] ?? null
}

/** Where in the text behind a number that is which does not belong there: digits, or letters that touch the number. */
function strangeTail(tail: string): { begin: number; end: number } | null {
  const digits = /^.*?\p{N}+/su.exec(tail)
  if (digits !== null) return { begin: tail.search(/\S/), end: digits[0].length }
  const letters = /\p{L}+/u.exec(tail)
  if (letters === null) return null
  // A letter alone is rather a digit that was typed wrong: O for 0, l for 1.
  const touches = letters.index === 0 || tail.replaceAll(/\P{L}/gu, '').length === 1
  return touches ? { begin: letters.index, end: letters.index + letters[0].length } : null
}

function numbersIn(written: string, countryCode: string, lookUps: LookUps): ReadNumbers {
  const body = withoutDevice(withoutNotedZero(written))
  const split = severalIn(body, countryCode, lookUps)
  if (lookUps.left < 0) return { fault: { kind: 'several' } }
  if (split !== null) return split
  const whole = readBody(body, countryCode)
  if ('fault' in whole) {
    // The older groups are named by their maker's number and the second that they were made in.
    const isGroup = whole.fault.kind === 'too_long' && /^\s*\d{8,15}-1\d{9}$/.test(body)
    return isGroup ? { fault: { kind: 'looks_like_group' } } : whole
  }
  const strange = strangeGroup(body, whole.number, countryCode)
  return strange === null ? whole : { fault: foreign(strange) }
}

function readBody(body: string, countryCode: string): ReadNumber {
  return resolveDigits(digitsIn(body), /^\D*\+/.test(body), countryCode)
}

/** The device that WhatsApp names behind a number: `62812…:12`. */
function withoutDevice(body: string): string {
  const number = /^([^:]*\d):\d{1,2}$/.exec(body)?.[1] ?? ''
  return digitsIn(number).length < minDigits ? body : number
}

/** `+44 (0)20 …`: the 0 in brackets is dialled inside the country alone, except where every number has it. */
function withoutNotedZero(body: string): string {
  const match = /^([\s+(]{0,16}[\d\s)]{1,16}?[\s.-]{0,16})\(\s{0,16}0\s{0,16}\)/.exec(body)
  if (match === null) return body
  const code = digitsIn(match[1] ?? '').replace(/^(?:00)+/, '')
  if (callingCodeOf(code) !== code || !hasTrunkZero(code)) return body
  return `${match[1] ?? ''} ${body.slice(match[0].length)}`
}

/** The numbers of a text in which both sides of a blank or slash may be whole ones; null if it is one number. */
function severalIn(body: string, countryCode: string, lookUps: LookUps): ReadNumbers | null {
  const gaps = [...body.matchAll(/(?<=\d)[().-]*[\s/+][\s()+\-./]*(?=\d)/g)].map((gap) => gap.index)
  const isLeft = (): boolean => {
    lookUps.left -= 1
    return lookUps.left >= 0
  }
  const isWhole = (text: string): boolean =>
    digitsIn(text).replace(/^(?:00)+/, '').length >= minDigits &&
    isLeft() &&
    'number' in readBody(text, countryCode)
  const isTooLong = digitsIn(body).length > maxWritten
  if (!isTooLong && !gaps.some((gap) => isWhole(body.slice(0, gap)) && isWhole(body.slice(gap)))) return null
  // 010 62 812 3456 7890: the prefix for calls abroad counts for no digits.
  if (dialledAbroad(digitsIn(body), countryCode) !== null) return null
  const ways = partitions(body, gaps, (part) => {
    if (digitsIn(part).length < minDigits || !isLeft()) return null
    const read = readBody(part, countryCode)
    return 'number' in read && isAssigned(read.number) ? read.number : null
  })
  const [only, other] = ways
  if (only === undefined && isTooLong) return null
  if (only === undefined || other !== undefined) return { fault: { kind: 'several' } }
  return { several: only }
}

type Parts = { written: string; number: string }[]

/** The ways to cut a text at some of the gaps so that each part is a number; it stops at the second one. */
function partitions(
  body: string,
  gaps: readonly number[],
  numberOf: (part: string) => string | null,
): Parts[] {
  const ends = [...gaps, body.length]
  /** The ways up to each end, by its index. */
  const ways: Parts[][] = []
  for (const [index, end] of ends.entries()) {
    const here: Parts[] = []
    for (let from = index - 1; from >= -1; from--) {
      const written = body.slice(from === -1 ? 0 : ends[from], end)
      // Whatever begins earlier has more digits still.
      if (digitsIn(written).length > maxWritten) break
      const before = from === -1 ? [[]] : (ways[from] ?? [])
      // What stands before cannot be cut into numbers: nor can all of it.
      const number = before.length === 0 ? null : numberOf(written)
      if (number === null) continue
      const one = { written: written.replaceAll(/^[\s/.)-]+|(?<![\s/.(-])[\s/.(-]+$/g, ''), number }
      for (const way of before) {
        if (here.length < 2) here.push([...way, one])
      }
    }
    ways.push(here)
  }
  return (ways.at(-1) ?? []).filter((way) => way.length > 1)
}

/** Digits of one number with all prefixes: 15, and 00 or a country's own prefix for calls abroad. */
const maxWritten = 20

/** Digits at either end that are another thing than the number beside them: a numbering, `/79`, `(2)`; or null. */
function strangeGroup(body: string, whole: string, countryCode: string): string | null {
  const isAlone = (text: string): boolean => {
    const read = readBody(text, countryCode)
    return 'number' in read && isAssigned(read.number)
  }
  const [, first = '', rest = ''] = /^[\s(]*([1-9]\d{0,2})(?!\d)(.*)$/s.exec(body) ?? []
  if (first !== '' && first !== countryCode && !isAssigned(whole) && isAlone(rest)) return first
  const bracket = /^(.*\d)\D*(\(\s*\d+\s*)$/s.exec(body)
  if (bracket !== null && digitsIn(bracket[1] ?? '').length >= minDigits) return `${bracket[2] ?? ''})`
  const ending = /^(.*\d)(\s*\/\s*\d{1,3}|\s+\d)$/s.exec(body)
  return ending !== null && isAlone(ending[1] ?? '') ? (ending[2] ?? '').trim() : null
}

function foreign(part: string): NumberFault {
  return { kind: 'foreign_part', part: part.length > 40 ? `${part.slice(0, 40)}…` : part }
}
