import { decodeText, isReadableCharset } from './charset.ts'
import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.ts'

/**
 * A text in which the encoded words of mail (`=?UTF-8?B?Tm90YQ==?=`, RFC 2047) are read: libraries made for mail write
 * names of files so. Blanks between two such words are part of neither; what cannot be read stays as it is.
 */
export function decodeEncodedWords(text: string): string {
  if (!text.includes('=?')) return text
  const merged = text.replaceAll(/(=\?[^?\s]{1,40}\?[bq]\?[^?\s]*\?=)\s+(?==\?[^?\s]{1,40}\?[bq]\?)/gi, '$1')
  return merged.replaceAll(
    /=\?([^?\s*]{1,40})(?:\*[^?\s]{1,20})?\?([bq])\?([^?\s]*)\?=/gi,
    (word, charset: string, encoding: string, content: string) => {
      const bytes =
        encoding.toLowerCase() === 'b'
          ? decodeBase64(Buffer.from(content, 'latin1'))
          : decodeQuotedPrintable(Buffer.from(content.replaceAll('_', '=20'), 'latin1'))
      return bytes === null || !isReadableCharset(charset) ? word : decodeText(bytes, charset)
    },
  )
}
