import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
  type PhoneNumber,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { digitsIn } from './characters.ts'

/**
 * What the numbering plans of all countries say, by the metadata of Google's libphonenumber.
 *
 * The metadata knows which numbers are assigned, but lags behind: it decides between two readings of one number, and is
 * no reason to refuse a number that is written out in full.
 */

/** Whether these digits, with their country code and nothing changed, are a number that is assigned. */
export function isAssigned(digits: string, mobileOnly = false): boolean {
  const parsed = parsePhoneNumberFromString(`+${digits}`, { extract: false })
  // The parser takes a national prefix off behind the country code, too; then these are not the digits.
  return parsed !== undefined && parsed.number === `+${digits}` && isValid(parsed, mobileOnly)
}

/** The country code that the digits begin with, or null where no country has one like it. */
export function callingCodeOf(digits: string): string | null {
  for (const length of [1, 2, 3]) {
    const code = digits.slice(0, length)
    if (code.length === length && callingCodes().has(code)) return code
  }
  return null
}

/**
 * The number that somebody in the country reaches who dials these digits, with its country code; null where nobody is
 * known to have it.
 *
 * @param mobileOnly takes no fixed line for an answer
 */
export function dialledInside(digits: string, countryCode: string, mobileOnly: boolean): string | null {
  const parsed = parsePhoneNumberFromString(digits, { defaultCallingCode: countryCode, extract: false })
  // Behind a country code the plan of that code would be read, so that 81… were Japan's.
  if (parsed === undefined || parsed.countryCallingCode !== countryCode) return null
  return isValid(parsed, mobileOnly) ? parsed.number.slice(1) : null
}

/** The number abroad that is reached by the country's own international prefix, such as 011 in America; or null. */
export function dialledAbroad(digits: string, countryCode: string): string | null {
  for (const defaultCountry of countriesOf(countryCode)) {
    const parsed = parsePhoneNumberFromString(digits, { defaultCountry, extract: false })
    if (parsed === undefined || parsed.countryCallingCode === countryCode) continue
    if (parsed.isValid()) return parsed.number.slice(1)
  }
  return null
}

/** Whether a number of that length, its country code included, may exist. */
export function isPossible(digits: string): boolean {
  const parsed = parsePhoneNumberFromString(`+${digits}`, { extract: false })
  return parsed !== undefined && parsed.number === `+${digits}` && parsed.isPossible()
}

/** Whether a 0 is dialled before national numbers that is none of their digits: in Indonesia yes, in Italy not. */
export function hasTrunkZero(countryCode: string): boolean {
  return trunkOf(countryCode).zero
}

/** Whether anything is dialled before national numbers there (0, in Russia 8, in Hungary 06). */
export function hasTrunkPrefix(countryCode: string): boolean {
  return trunkOf(countryCode).any
}

const trunks = new Map<string, { zero: boolean; any: boolean }>()

/** Read off a number that exists there: how it is written, and what a 0 before it leads to. */
function trunkOf(countryCode: string): { zero: boolean; any: boolean } {
  const known = trunks.get(countryCode)
  if (known !== undefined) return known
  const example = countriesOf(countryCode)
    .map((country) => getExampleNumber(country, examples))
    .find((number) => number !== undefined)
  const trunk =
    example === undefined
      ? { zero: false, any: false }
      : {
          zero: dialledInside(`0${example.nationalNumber}`, countryCode, false) === example.number.slice(1),
          any: digitsIn(example.formatNational()) !== example.nationalNumber,
        }
  trunks.set(countryCode, trunk)
  return trunk
}

function isValid(number: PhoneNumber, mobileOnly: boolean): boolean {
  if (!mobileOnly) return number.isValid()
  const type = number.getType()
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE'
}

let codes: Set<string> | null = null

function callingCodes(): Set<string> {
  codes ??= new Set<string>([
    ...getCountries().map((country) => getCountryCallingCode(country)),
    ...worldwide,
  ])
  return codes
}

/** Codes of no country: satellite and international services (ITU-T E.164, list of assigned codes). */
const worldwide = ['800', '808', '870', '878', '881', '882', '883', '888', '979']

function countriesOf(countryCode: string): CountryCode[] {
  return getCountries().filter((country) => getCountryCallingCode(country) === countryCode)
}
