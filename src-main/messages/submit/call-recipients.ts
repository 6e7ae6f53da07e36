import { faultSentence, problemOf, type NumberProblem } from '../../lib/phone-numbers/number-fault.ts'
import { maxLookUps, readRecipients } from '../../lib/phone-numbers/recipient-list.ts'

/** One of a call's recipients: `given` as the caller wrote it. */
export type Recipient =
  | { given: string; recipient: string }
  | { given: string; problem: NumberProblem; reason: string }

/**
 * The recipients of a list, each once, in the order given; groups (`…@g.us`) and newsletters pass as they
 * are. Empty parts are left out.
 */
export function recipients(text: string, countryCode: string): Recipient[] {
  const seen = new Set<string>()
  return readRecipients(text, countryCode, { left: maxLookUps }).flatMap((read): Recipient[] => {
    const identity = 'recipient' in read ? read.recipient : `? ${read.written}`
    if (seen.has(identity)) return []
    seen.add(identity)
    const given = read.written
    if ('recipient' in read) return [{ given, recipient: read.recipient }]
    return [{ given, problem: problemOf(read.fault), reason: faultSentence(read.fault) }]
  })
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

/** Newsletters are public: nothing that goes there is encrypted. */
export function isNewsletter(recipient: string): boolean {
  return recipient.endsWith('@newsletter')
}

/** Whether a recipient is a group or newsletter, which needs no look-up. */
export function isJid(recipient: string): boolean {
  return recipient.includes('@')
}
