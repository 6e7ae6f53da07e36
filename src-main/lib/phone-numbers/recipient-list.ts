import { plainText } from './characters.ts'
import { minDigits, type NumberFault } from './number-fault.ts'
import { isAssigned } from './numbering-plans.ts'
import { readNumbers, type LookUps } from './read-number.ts'

/** One of a call's recipients as it was written, with the number (or group, or newsletter) that it means. */
export type ReadRecipient = { written: string; recipient: string } | { written: string; fault: NumberFault }

/** Recipients of one call. What a call costs, on the disk and in time, grows with them. */
export const maxRecipients = 256
/** Characters of a call's list: room for so many with separators and names. */
export const maxListLength = 16_384
/** Of a call's list: four for each recipient. */
export const maxLookUps = 4 * maxRecipients

/** A line's end, |, and the commas and semicolons of Latin, Arabic and Chinese script. */
const separator = /[|｜;；؛、，،\n\r\v\f\u0085\u2028\u2029]/u
/** A comma before a fraction or a group of thousands parts no recipients: what is behind it belongs to the number. */
const fraction = /,(?:\d{1,2}\s*$|0+\s*(?:$|,))/y

/**
 * The recipients of a list, in its order: parted by `|`, commas, semicolons and lines, or by blanks between whole
 * numbers. Of a line with tabs, which spreadsheets put between cells, the cells that are numbers count.
 */
export function readRecipients(
  text: string,
  countryCode: string,
  lookUps: LookUps = { left: Infinity },
): ReadRecipient[] {
  return recipientEntries(text).flatMap((entry) => {
    if (!entry.includes('\t')) return readEntry(entry, countryCode, lookUps)
    const cells = entry.split('\t').filter((cell) => isVisible(cell))
    return cells.length < 2
      ? cells.flatMap((cell) => readEntry(cell, countryCode, lookUps))
      : ofCells(entry, cells, countryCode, lookUps)
  })
}

/** The parts of a list, as they were written; those that show nothing are left out. */
export function recipientEntries(text: string): string[] {
  return text
    .split(separator)
    .flatMap((line) => (isThousands(line) ? [line] : splitAtCommas(line)))
    .map((entry) => entry.trim())
    .filter((entry) => isVisible(entry))
}

/** In one pass: a list of 16,384 characters may have thousands of commas that part nothing. */
function splitAtCommas(line: string): string[] {
  const { plain } = plainText(line)
  const parts: string[] = []
  let begin = 0
  let at = 0
  let plainAt = 0
  /** Digits of the part so far, other signs between them but no other numerals. */
  let digits = 0
  let endsWithDigit = false
  for (const character of line) {
    if (character === ',') {
      fraction.lastIndex = plainAt
      const isFraction = endsWithDigit && digits >= 7 && fraction.test(plain)
      if (!isFraction) {
        parts.push(line.slice(begin, at))
        begin = at + 1
        digits = 0
      }
    }
    endsWithDigit = /\p{Nd}/u.test(character)
    if (endsWithDigit) digits += 1
    else if (/\p{N}/u.test(character)) digits = 0
    at += character.length
    plainAt += plainText(character).plain.length
  }
  return [...parts, line.slice(begin)]
}

/** 6,285,500,000,501 is how spreadsheets show a number with groups of thousands. */
function isThousands(line: string): boolean {
  return /^\s*["']?\d{1,3}(?:,\d{3}){2,4}(?:\.0+)?["']?\s*$/.test(plainText(line).plain)
}

function isVisible(text: string): boolean {
  return plainText(text).plain.trim() !== ''
}

function readEntry(entry: string, countryCode: string, lookUps: LookUps): ReadRecipient[] {
  const written = entry.trim()
  const jid = groupOrNewsletter(written)
  if (jid !== null) return [{ written, recipient: jid }]
  const read = readNumbers(written, countryCode, lookUps)
  if ('several' in read) return read.several.map(({ written, number }) => ({ written, recipient: number }))
  return 'number' in read ? [{ written, recipient: read.number }] : [{ written, fault: read.fault }]
}

/**
 * Beside a number, a cell of a few digits may be a price or a count: only assigned numbers are recipients. One of more
 * digits may be an account or an invoice that looks like a number of another country: that is not guessed.
 */
function ofCells(
  entry: string,
  cells: readonly string[],
  countryCode: string,
  lookUps: LookUps,
): ReadRecipient[] {
  const long = cells.filter(
    (cell) => (cell.match(/\p{Nd}/gu)?.length ?? 0) >= minDigits || cell.includes('@'),
  )
  lookUps.left -= long.length
  if (lookUps.left < 0) return [{ written: entry, fault: { kind: 'several' } }]
  const read = long.flatMap((cell) => readEntry(cell, countryCode, lookUps))
  const readable = read.filter((one) => 'recipient' in one)
  const sure = readable.filter(({ recipient }) => recipient.includes('@') || isAssigned(recipient))
  const foreign = sure.filter((one) => isBareForeign(one, countryCode))
  if (foreign.length > 0 && foreign.length < sure.length)
    return [{ written: entry, fault: { kind: 'several' } }]
  if (sure.length > 0) return sure
  if (readable.length === 1) return readable
  return [{ written: entry, fault: { kind: readable.length === 0 ? 'no_number' : 'several' } }]
}

/** Of another country, without the + or 00 that says so. */
function isBareForeign(one: { written: string; recipient: string }, countryCode: string): boolean {
  const { plain } = plainText(one.written)
  return /^[^+\d@]*[1-9][^@]*$/.test(plain) && !one.recipient.startsWith(countryCode)
}

/** A group or newsletter, in the form that WhatsApp gives it; null for anything else. */
function groupOrNewsletter(text: string): string | null {
  const match = /^\s*(\d{1,25}(?:-\d{1,15})?@g\.us|\d{1,25}@newsletter)\s*$/i.exec(plainText(text).plain)
  return match?.[1]?.toLowerCase() ?? null
}
