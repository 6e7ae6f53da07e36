/** A text whose digits and separators are plain ASCII, with the way back to what was written. */
export interface PlainText {
  plain: string
  /** What was written for a stretch of the plain text. */
  writtenAs: (begin: number, end?: number) => string
}

const digit = /\p{Nd}/u
/** Formatting characters (Cf), variation selectors, the combining keycap of 1️⃣ and fillers: nobody sees them. */
const invisible = /[\p{Cf}\u{FE00}-\u{FE0F}\u{20E3}\u{115F}\u{1160}\u{3164}\u{FFA0}]/u
/** Hyphens and dashes (Pd), the minus signs, and the long-vowel mark that Japanese keyboards give for one. */
const dash = /[\p{Pd}\u2212\u2043\u30FC\uFF70]/u
const blank = /[\p{Zs}\n\r\v\f\u0085\u2028\u2029]/u

/**
 * Digits of any script become 0 to 9, dashes `-`, blanks a space and full-width signs plain ones; invisible marks go.
 * What only resembles a digit (², Ⅷ, ½, the letter O) stays as it is: nobody dials it.
 */
export function plainText(written: string): PlainText {
  let plain = ''
  const origins: number[] = []
  let at = 0
  for (const character of written) {
    const as = plainCharacter(character)
    for (let index = 0; index < as.length; index++) origins.push(at)
    plain += as
    at += character.length
  }
  origins.push(written.length)
  const originOf = (index: number): number => origins[index] ?? written.length
  return {
    plain,
    writtenAs: (begin, end = plain.length) => written.slice(originOf(begin), originOf(end)).trim(),
  }
}

function plainCharacter(character: string): string {
  if (/^[\t -~]$/.test(character)) return character
  if (digit.test(character)) return digitValue(character)
  if (invisible.test(character)) return ''
  if (dash.test(character)) return '-'
  if (blank.test(character)) return ' '
  const compatible = character.normalize('NFKC')
  return /^[!-/:-@[-`{-~]$/.test(compatible) ? compatible : character
}

/**
 * Decimal digits stand in runs of ten, 0 first (Unicode Standard, section 4.6: "encoded in a contiguous range, with
 * ascending order of Numeric_Value"); the mathematical ones are five such runs side by side.
 */
function digitValue(character: string): string {
  const code = character.codePointAt(0) ?? 0
  let before = 0
  while (digit.test(String.fromCodePoint(code - before - 1))) before++
  return String(before % 10)
}

export function digitsIn(text: string): string {
  return text.replaceAll(/\D/g, '')
}
