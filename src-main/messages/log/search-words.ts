import { normalized } from '../../lib/text-encoding/normalized.ts'

/**
 * The search index holds every word under each of its beginnings, so that a search for the beginning of a
 * word is one exact look-up: what it costs depends on what is shown, not on how many rows there are. (Open
 * prefixes and trigrams of numbers that all begin alike would read most of the index.)
 */
const minPrefixCharacters = 3
const maxPrefixCharacters = 12
/** Numbers are found by their beginning and by any of their ends: 62812…, 0812… and the last digits. */
const minNumberDigits = 3
/** Different words of one text that are indexed: a text of 65,536 characters to 256 recipients would cost 10 s. */
const maxWords = 2_000

/** What the index holds for what a message says: words separated by spaces. */
export function wordsOfContent({ text, fileName }: { text: string | null; fileName: string | null }): string {
  const found = new Set<string>()
  const words = new Set(wordsOf(`${fileName ?? ''} ${text ?? ''}`))
  for (const word of [...words].slice(0, maxWords)) addBeginnings(found, word)
  return [...found].join(' ')
}

/** What the index holds for whom it goes to: words separated by spaces. */
export function wordsOfRecipient(recipient: string): string {
  const found = new Set<string>()
  addNumber(found, recipient.split('@')[0] ?? '')
  return [...found].join(' ')
}

/** A MATCH expression that asks for all words of a search; null where there is nothing to look for. */
export function searchQuery(search: string): string | null {
  const words = wordsOf(search).map((word) => `"${word.slice(0, maxPrefixCharacters)}"`)
  if (words.length === 0) return null
  const all = words.join(' AND ')
  return isNumberPart(search) ? `(${all}) OR "${numberWord(search)}"` : all
}

/** Whether it is a phone number or part of one, in any spelling. */
export function isNumberPart(search: string): boolean {
  return /^[+\d][\d\s()./-]*$/.test(search) && search.replaceAll(/\D/g, '').length > minNumberDigits
}

/** Lower case, without accents; letters and digits of any script. */
function wordsOf(text: string): string[] {
  const plain = normalized(text, 'NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}

function addBeginnings(found: Set<string>, word: string): void {
  const whole = word.slice(0, maxPrefixCharacters)
  found.add(whole)
  for (let length = minPrefixCharacters; length < whole.length; length++) found.add(whole.slice(0, length))
}

/** Under `n`, so that digits of a number are not mistaken for those of a text. */
function addNumber(found: Set<string>, digits: string): void {
  for (let from = 0; from + minNumberDigits <= digits.length; from++) {
    found.add(`n${digits.slice(from)}`)
  }
  for (let length = minNumberDigits; length < digits.length; length++) {
    found.add(`n${digits.slice(0, length)}`)
    if (length > minNumberDigits + 1) found.add(`n${digits.slice(2, length)}`)
  }
}

function numberWord(search: string): string {
  return `n${search.replaceAll(/\D/g, '').replace(/^0+/, '')}`
}
