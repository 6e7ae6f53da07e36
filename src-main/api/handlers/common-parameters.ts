import { z } from 'zod'
import { maxListLength, maxRecipients } from '../../lib/phone-numbers/recipient-list.ts'

/** Values as callers send them, by name: strings but for what JSON says is something else. */
export type Values = Record<string, unknown>

/** Characters of text in one message, at most. */
const maxTextCharacters = 65_536

/** A complaint's `params` may name a code of its own, for `failureOf` in validation.ts. */
const tooLong = 'message_too_long'

const described = (description: string, example?: string) => ({
  description,
  ...(example === undefined ? {} : { examples: [example] }),
})

const mustBeText = { error: 'must be text: put it in quotes' }
const lowerCase = z.string(mustBeText).transform((value) => value.toLowerCase())

/** A short text, by its number of characters at most. */
export function text(description: string, longest: number, example?: string) {
  return z
    .string(mustBeText)
    .refine((value) => !isLonger(value, longest), `must be at most ${String(longest)} characters long`)
    .meta({ ...described(description, example), minLength: 1, maxLength: longest })
}

/** A message's or a caption's text: `maxTextCharacters` characters at most. */
export function longText(description: string, example?: string) {
  return z
    .string(mustBeText)
    .refine((value) => !isLonger(value, maxTextCharacters), {
      error: `must be at most ${String(maxTextCharacters)} characters long`,
      params: { code: tooLong },
    })
    .meta({ ...described(description, example), minLength: 1, maxLength: maxTextCharacters })
}

/** Yes or no, in every way that callers write it. */
export function flag(description: string, alsoYes: readonly string[] = []) {
  const yes = ['true', '1', ...alsoYes]
  const words = [...yes, 'false', '0'] as const
  const error = `must be one of ${words.join(', ')}`
  return z
    .union([z.boolean(), lowerCase.pipe(z.enum(words))], { error })
    .transform((value) => value === true || (typeof value === 'string' && yes.includes(value)))
    .meta({ ...described(description), type: ['boolean', 'string'], enum: [true, false, ...words] })
}

/** One of a few words, whatever their case. */
export function word<const Words extends readonly [string, ...string[]]>(description: string, words: Words) {
  return lowerCase
    .pipe(z.enum(words, { error: `must be one of ${words.join(', ')}` }))
    .meta({ ...described(description, words[0]), enum: [...words] })
}

/** The parameters that several calls share, worded once. */
export const sender = text('The number of the device that sends, in any spelling.', 64, '6285500000000')
export const recipients = z
  .string(mustBeText)
  .refine((value) => !isLonger(value, maxListLength), {
    error: `must be at most ${String(maxListLength)} characters long, for ${String(maxRecipients)} recipients`,
    params: { code: 'too_many_recipients' },
  })
  .meta({
    ...described(
      'The recipient: a phone number in any spelling, a group (…@g.us) or a newsletter (…@newsletter); several are ' +
        `separated by |, ${String(maxRecipients)} at most.`,
      '6285500000500',
    ),
    minLength: 1,
    maxLength: maxListLength,
  })
export const footer = text('Shown in italics under the message.', 1_024, 'Toko Maju')
export const quotedId = text('The id of the message that this one answers.', 128)
export const full = flag('1 answers with the message in WhatsApp’s own form.')
export const queue = flag(
  '1 accepts that the message waits: for the device, for a pause to end, for a ceiling of the pace.',
)

// A character of the contract is one that a reader sees written, not a UTF-16 unit: an emoji counts once.
function isLonger(value: string, longest: number): boolean {
  if (value.length <= longest) return false
  if (value.length > longest * 2) return true
  let characters = 0
  for (const _ of value) characters += 1
  return characters > longest
}
