import type { FailureCode } from '../failure-codes.ts'
import { assertNever } from '../failure.ts'

/** E.164 allows 15 digits with the country code; the shortest numbers of small countries have 7. */
const mostDigits = 15
const fewestDigits = 7

export type NumberProblem = Extract<FailureCode, 'number_invalid' | 'number_too_short' | 'number_too_long'>
export type Normalised = { number: string } | { problem: NumberProblem }

/**
 * One form for all spellings of a phone number: digits with the country code, nothing else.
 *
 * Whatever is not a digit goes (a `+` arrives as a space in a query), a leading `00` goes, a leading `0`
 * becomes the country code, also where it stands behind the code (`620812…`). `@s.whatsapp.net` and `@c.us`,
 * which some callers append, are taken off, with the device that WhatsApp names before them (`62812…:3@…`).
 */
export function normaliseNumber(text: string, countryCode: string): Normalised {
  const [written = '', domain] = text.normalize('NFKC').split('@')
  if (domain !== undefined && !/^(s\.whatsapp\.net|c\.us)\s*$/i.test(domain)) {
    return { problem: 'number_invalid' }
  }
  if (isRounded(written)) return { problem: 'number_invalid' }
  const user = domain === undefined ? written : written.replace(/:\d{1,3}\s*$/, '')
  const digits = withCountryCode(digitsIn(bare(user)), countryCode)
  if (digits === '') return { problem: 'number_invalid' }
  if (digits.length < fewestDigits) return { problem: 'number_too_short' }
  if (digits.length > mostDigits) return { problem: 'number_too_long' }
  return { number: digits }
}

/** What a spreadsheet makes of a long number, `6.28123E+12`: the digits that are left are another phone's. */
function isRounded(written: string): boolean {
  return /^[\s+]*\d+(?:[.,]\d+)?e[+ ]?\d+\s*$/i.test(written)
}

/**
 * Without digits that are none of the number's: the device of a JID, and the `.0` of a number kept as a float, or `.00`
 * as a sum of money. Whoever parts digits with colons or points has more than one, and means every digit.
 */
function bare(written: string): string {
  const number = /^([^:.]*\d)(?::\d{1,2}|\.0{1,2})\s*$/.exec(written)?.[1] ?? ''
  return digitsIn(number).length < fewestDigits ? written : number
}

function digitsIn(text: string): string {
  return text.replaceAll(/\D/g, '')
}

function withCountryCode(digits: string, countryCode: string): string {
  const dialled = digits.replace(/^(00)+/, '')
  if (dialled.startsWith('0')) return countryCode + dialled.slice(1)
  if (dialled.startsWith(`${countryCode}0`)) return countryCode + dialled.slice(countryCode.length + 1)
  return dialled
}

/** A group or newsletter, in the form that WhatsApp gives it; null for anything else. */
function groupOrNewsletter(text: string): string | null {
  const match = /^\s*(\d{1,25}(?:-\d{1,15})?@g\.us|\d{1,25}@newsletter)\s*$/i.exec(text)
  return match?.[1]?.toLowerCase() ?? null
}

/** One of a call's recipients: `given` as the caller wrote it. */
export type Recipient =
  | { given: string; recipient: string }
  | { given: string; problem: NumberProblem; reason: string }

/**
 * The recipients of `A|B|C`, each once, in the order given; groups (`…@g.us`) and newsletters pass as they
 * are. Empty parts are left out.
 */
export function recipients(text: string, countryCode: string): Recipient[] {
  const seen = new Set<string>()
  const found: Recipient[] = []
  for (const part of text.split('|')) {
    const given = part.trim()
    const one = given === '' ? null : recipientOf(given, countryCode)
    if (one === null) continue
    const identity = 'recipient' in one ? one.recipient : `? ${given}`
    if (seen.has(identity)) continue
    seen.add(identity)
    found.push(one)
  }
  return found
}

function recipientOf(given: string, countryCode: string): Recipient {
  const jid = groupOrNewsletter(given)
  if (jid !== null) return { given, recipient: jid }
  const normalised = normaliseNumber(given, countryCode)
  if ('number' in normalised) return { given, recipient: normalised.number }
  return { given, problem: normalised.problem, reason: numberSentence(normalised.problem) }
}

/**
 * The recipients of one file. A newsletter is public and its files are not encrypted, those of everybody else
 * are: one upload cannot be both, so that newsletters among others are told to have a call of their own.
 */
export function recipientsOfFile(named: readonly Recipient[]): Recipient[] {
  const others = named.some((one) => 'recipient' in one && !isNewsletter(one.recipient))
  if (!others) return [...named]
  return named.map((one) =>
    'recipient' in one && isNewsletter(one.recipient)
      ? { given: one.given, problem: 'number_invalid', reason: newsletterAmongOthers }
      : one,
  )
}

const newsletterAmongOthers =
  'A file for a newsletter is not encrypted, as it is for everybody else: send it there by a call of its own.'

/** What is wrong with a number and what a right one looks like, for people. */
export function numberSentence(problem: NumberProblem): string {
  switch (problem) {
    case 'number_invalid':
      return 'That is not a phone number, group or newsletter. Give a number such as 6281234567890.'
    case 'number_too_short':
      return `The number is too short: at least ${fewestDigits} digits with the country code, such as 6281234567890.`
    case 'number_too_long':
      return `The number is too long: at most ${mostDigits} digits with the country code, such as 6281234567890.`
    default:
      return assertNever(problem)
  }
}

/** Newsletters are public: nothing that goes there is encrypted. */
export function isNewsletter(recipient: string): boolean {
  return recipient.endsWith('@newsletter')
}

/** Whether a recipient is a group or newsletter, which needs no look-up. */
export function isJid(recipient: string): boolean {
  return recipient.includes('@')
}
