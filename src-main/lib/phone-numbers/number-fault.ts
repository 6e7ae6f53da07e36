import type { FailureCode } from '../failure-codes.ts'
import { assertNever } from '../failure.ts'

/** E.164 allows 15 digits with the country code; the shortest numbers of small countries have 7. */
export const maxDigits = 15
export const minDigits = 7

export type NumberProblem = Extract<FailureCode, 'number_invalid' | 'number_too_short' | 'number_too_long'>

/** What is wrong with a number; `part` is quoted from what was written. */
export type NumberFault =
  | { kind: 'too_short' | 'too_long' }
  /** 17 or 18 digits, as the ids of groups have. */
  | { kind: 'looks_like_group' }
  | { kind: 'no_number' | 'rounded' | 'several' | 'mail' | 'lid' | 'status' | 'address' | 'zero_after_plus' }
  | { kind: 'foreign_part' | 'decimal'; part: string }
  | { kind: 'no_such_country'; part: string }
  | { kind: 'no_leading_zero'; countryCode: string }
  /** Two numbers that it may be, both of which somebody may have. */
  | { kind: 'ambiguous'; numbers: readonly [string, string] }

export function problemOf({ kind }: NumberFault): NumberProblem {
  if (kind === 'too_short') return 'number_too_short'
  return kind === 'too_long' || kind === 'looks_like_group' ? 'number_too_long' : 'number_invalid'
}

/** What is wrong with a number and what a right one looks like, for people. */
export function faultSentence(fault: NumberFault): string {
  switch (fault.kind) {
    case 'no_number':
      return `That is not a phone number, group or newsletter. ${giveANumber}`
    case 'too_short':
      return `The number is too short: at least ${String(minDigits)} digits with the country code, such as 6281234567890.`
    case 'too_long':
      return `The number is too long: at most ${String(maxDigits)} digits with the country code, such as 6281234567890. Separate several by |.`
    case 'looks_like_group':
      return 'The number is too long for a phone. Is it a group? Then write it with @g.us behind it.'
    case 'foreign_part':
      return `“${fault.part}” does not belong to a phone number. ${giveANumber}`
    case 'decimal':
      return `The number has a decimal part, “${fault.part}”: a spreadsheet has changed it. Format its cells as text.`
    case 'rounded':
      return 'A spreadsheet has rounded that number, so that digits are lost. Format its cells as text and enter it again.'
    case 'several':
      return 'That looks like several numbers. Separate them by |, a comma or lines.'
    case 'mail':
      return `That is an e-mail address. ${giveANumber}`
    case 'lid':
      return `…@lid is an internal id of WhatsApp, not a phone number. ${giveANumber}`
    case 'status':
      return `That is WhatsApp’s status or a broadcast list, which Kurir does not send to. ${giveANumber}`
    case 'address':
      return 'That address is none of WhatsApp’s: a number needs none, a group ends with @g.us, a newsletter with @newsletter.'
    case 'zero_after_plus':
      return 'Behind the + comes the country code, which never begins with 0. Write +62… or 08….'
    case 'no_such_country':
      return `No country has a code that begins as “${fault.part}” does. Give the number with its country code, such as 6281234567890.`
    case 'no_leading_zero':
      return `Numbers of country code ${fault.countryCode} have no such form with a leading 0. Write the number with + and its country code.`
    case 'ambiguous':
      return `That may be +${fault.numbers[0]} or +${fault.numbers[1]}. Write it with + and its country code, or with its leading 0.`
    default:
      return assertNever(fault)
  }
}

const giveANumber = 'Give a number such as 6281234567890.'
