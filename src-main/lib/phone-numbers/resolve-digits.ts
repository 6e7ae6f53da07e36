import { maxDigits, minDigits, type NumberFault } from './number-fault.ts'
import {
  callingCodeOf,
  dialledAbroad,
  dialledInside,
  hasTrunkPrefix,
  hasTrunkZero,
  isAssigned,
  isPossible,
} from './numbering-plans.ts'

export type ReadNumber = { number: string } | { fault: NumberFault }

/**
 * The whole number, with its country code, that somebody reaches who dials these digits in a country.
 *
 * International forms (`+…`, `00…`) are left as they are, except that the 0 which is dialled inside that country alone
 * goes where it follows the own country's code. A number without any prefix may be complete or not: the one that is
 * assigned counts, and where both are, neither is guessed.
 *
 * @param plus whether a + stands before the digits
 * @param countryCode of the country that numbers without a code are of
 */
export function resolveDigits(digits: string, plus: boolean, countryCode: string): ReadNumber {
  if (digits === '') return { fault: { kind: 'no_number' } }
  if (plus || digits.startsWith('00')) return international(digits.replace(/^(?:00)+/, ''), countryCode)
  if (digits.startsWith('0')) return national(digits, countryCode)
  if (digits.startsWith(countryCode)) return ownCountry(digits, countryCode)
  return withoutPrefix(digits, countryCode)
}

function international(digits: string, countryCode: string): ReadNumber {
  if (digits.startsWith('0')) return { fault: { kind: 'zero_after_plus' } }
  if (isNoCountrys(digits)) {
    return { fault: { kind: 'no_such_country', part: `+${digits.slice(0, 3)}` } }
  }
  return withinLength(withoutTrunkZero(digits, countryCode))
}

/** `62 0812…`, where no number of the country has that 0. */
function withoutTrunkZero(digits: string, countryCode: string): string {
  if (!digits.startsWith(`${countryCode}0`) || !hasTrunkZero(countryCode)) return digits
  return isAssigned(digits) ? digits : countryCode + digits.slice(countryCode.length + 1)
}

function national(digits: string, countryCode: string): ReadNumber {
  if (callingCodeOf(countryCode) === null) return withinLength(countryCode + digits.slice(1))
  const dialled = dialledInside(digits, countryCode, false) ?? dialledAbroad(digits, countryCode)
  if (dialled !== null) return withinLength(dialled)
  if (hasTrunkZero(countryCode)) return withinLength(countryCode + digits.slice(1))
  const kept = countryCode + digits
  return isPossible(kept) ? withinLength(kept) : { fault: { kind: 'no_leading_zero', countryCode } }
}

function ownCountry(digits: string, countryCode: string): ReadNumber {
  const whole = withoutTrunkZero(digits, countryCode)
  const dialled = isAssigned(whole) ? null : dialledInside(digits, countryCode, hasTrunkPrefix(countryCode))
  return withinLength(dialled ?? whole)
}

function withoutPrefix(digits: string, countryCode: string): ReadNumber {
  // Where a prefix must be dialled it is left out by mistake, and for mobile phones alone.
  const prefixIsMissing = hasTrunkPrefix(countryCode)
  const dialled = dialledInside(digits, countryCode, prefixIsMissing) ?? dialledAbroad(digits, countryCode)
  if (dialled === null) {
    return isNoCountrys(digits)
      ? { fault: { kind: 'no_such_country', part: digits.slice(0, 3) } }
      : withinLength(digits)
  }
  // Where none is, these are just the digits that are dialled there: a fixed line abroad is nobody's other meaning.
  if (isAssigned(digits, !prefixIsMissing))
    return { fault: { kind: 'ambiguous', numbers: [digits, dialled] } }
  return withinLength(dialled)
}

function isNoCountrys(digits: string): boolean {
  return digits.length >= minDigits && digits.length <= maxDigits && callingCodeOf(digits) === null
}

function withinLength(digits: string): ReadNumber {
  if (digits.length < minDigits) return { fault: { kind: 'too_short' } }
  if (digits.length <= maxDigits) return { number: digits }
  // The ids of today's groups are 17 or 18 digits that begin with 120363.
  return { fault: { kind: /^120363\d{11,12}$/.test(digits) ? 'looks_like_group' : 'too_long' } }
}
