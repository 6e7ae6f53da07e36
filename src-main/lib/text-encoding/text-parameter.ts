import { decodeText, isReadableCharset } from './charset.ts'
import { decodeEncodedWords } from './encoded-words.ts'

/**
 * The text of a header's parameter: its extended form (`filename*`, RFC 5987) before the plain one, which may hold the
 * encoded words of mail, and bytes of UTF-8 or Windows-1252. A broken or empty extended form counts for nothing.
 *
 * @param parameters as `readParameters` gives them: each character stands for a byte
 */
export function textParameter(
  parameters: ReadonlyMap<string, string>,
  name: string,
): { text: string; isExtended: boolean } | null {
  const extended = extendedText(parameters.get(`${name}*`)) ?? continuedText(parameters, name)
  if (extended !== null && extended !== '') return { text: extended, isExtended: true }
  const plain = parameters.get(name)
  if (plain === undefined) return null
  return { text: decodeEncodedWords(decodeText(Buffer.from(plain, 'latin1'), null)), isExtended: false }
}

/** `UTF-8''na%C3%AFve.pdf` */
function extendedText(written: string | undefined): string | null {
  const [, charset, value = ''] = /^([\w-]+)'[\w-]*'(.*)$/s.exec(written ?? '') ?? []
  if (charset === undefined || !isReadableCharset(charset) || /%(?![\da-f]{2})/i.test(value)) return null
  return decodeText(Buffer.from(unescaped(value), 'latin1'), charset)
}

/** `filename*0*=UTF-8''Nota%20; filename*1="Mei.pdf"`: programs made for mail cut long names (RFC 2231, 3). */
function continuedText(parameters: ReadonlyMap<string, string>, name: string): string | null {
  const pieces: string[] = []
  let charset: string | null = null
  for (let number = 0; number < maxPieces; number += 1) {
    const escaped = parameters.get(`${name}*${number}*`)
    const plain = parameters.get(`${name}*${number}`)
    if (escaped === undefined && plain === undefined) break
    const [, named, value = ''] = (number === 0 ? /^([\w-]+)'[\w-]*'(.*)$/s.exec(escaped ?? '') : null) ?? []
    charset ??= named ?? null
    pieces.push(plain ?? unescaped(named === undefined ? (escaped ?? '') : value))
  }
  if (charset !== null && !isReadableCharset(charset)) return null
  return pieces.length === 0 ? null : decodeText(Buffer.from(pieces.join(''), 'latin1'), charset)
}

const maxPieces = 100

const unescaped = (text: string): string =>
  text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
