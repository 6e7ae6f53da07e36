import { assertNever } from '../../assert-never.ts'
import type { NumberFault } from '../../../src-preload/contract.ts'

/** Why a recipient could not be read; shown after the text that was entered. */
export function numberFault(fault: NumberFault): string {
  switch (fault.kind) {
    case 'no_number':
      return 'This is not a phone number. Write it like 0812 3456 7890.'
    case 'too_short':
      return 'The number is too short. Check for a missing digit.'
    case 'too_long':
      return 'The number is too long. Check for an extra digit.'
    case 'looks_like_group':
      return 'This looks like a group. If it is one, add @g.us at the end.'
    case 'foreign_part':
      return `“${fault.part}” is not part of a phone number. Remove it.`
    case 'decimal':
      return `“${fault.part}” is a decimal part. Format the cells in the spreadsheet as text.`
    case 'rounded':
      return 'A spreadsheet has rounded this number. Format the cells as text and enter it again.'
    case 'several':
      return 'These look like several numbers. Put a comma between them.'
    case 'mail':
      return 'This is an email address. Enter a phone number.'
    case 'lid':
      return 'This is an internal WhatsApp id. Enter a phone number.'
    case 'status':
      return 'Kurir cannot send to the WhatsApp status. Enter a phone number.'
    case 'address':
      return 'This is not a WhatsApp address. Enter a phone number; groups end with @g.us.'
    case 'zero_after_plus':
      return 'No country code begins with 0. Write +62… or 08….'
    case 'no_such_country':
      return `No country code begins with “${fault.part}”. Check the country code.`
    case 'no_leading_zero':
      return `Numbers of +${fault.countryCode} are not written with a 0 like this. Write the country code.`
    case 'ambiguous':
      return `This may be +${fault.numbers[0]} or +${fault.numbers[1]}. Write it with + or with its leading 0.`
    default:
      return assertNever(fault)
  }
}
