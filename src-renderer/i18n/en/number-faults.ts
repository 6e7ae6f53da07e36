import { assertNever } from '../../assert-never.ts'
import type { NumberFault } from '../../../src-preload/contract.ts'

/** Why a recipient was not read, behind the text that was written. */
export function numberFault(fault: NumberFault): string {
  switch (fault.kind) {
    case 'no_number':
      return 'This is not a phone number.'
    case 'too_short':
      return 'The number is too short.'
    case 'too_long':
      return 'The number is too long.'
    case 'looks_like_group':
      return 'Is this a group? Then write it with @g.us at the end.'
    case 'foreign_part':
      return `“${fault.part}” does not belong to a phone number.`
    case 'decimal':
      return `“${fault.part}” is a decimal part. In the spreadsheet, format the cells as text.`
    case 'rounded':
      return 'A spreadsheet has rounded this number. Format its cells as text and enter it again.'
    case 'several':
      return 'These look like several numbers. Put a comma between them.'
    case 'mail':
      return 'This is an e-mail address.'
    case 'lid':
      return 'This is an internal id of WhatsApp, not a phone number.'
    case 'status':
      return 'Kurir does not send to WhatsApp’s status.'
    case 'address':
      return 'This is not an address of WhatsApp. Groups end with @g.us.'
    case 'zero_after_plus':
      return 'No country code begins with 0. Write +62… or 08….'
    case 'no_such_country':
      return `No country has a code that begins as “${fault.part}” does.`
    case 'no_leading_zero':
      return `Numbers of +${fault.countryCode} have no such form with a 0. Write the country code.`
    case 'ambiguous':
      return `This may be +${fault.numbers[0]} or +${fault.numbers[1]}. Write it with + or with its first 0.`
    default:
      return assertNever(fault)
  }
}
