/** Marks in a row that are brought into their order; text that people write has a handful. */
const marks = /\p{M}{30}(?=\p{M})/gu
/** U+034F COMBINING GRAPHEME JOINER: nobody sees it, and marks are put in order up to it only. */
const joiner = '\u034f'

/**
 * A text in a normalization form of Unicode, in time linear to its length: ICU takes the square of the marks in a row, which
 * is seconds for one of the longest messages. After thirty of them a joiner is put in, as Unicode does it in its
 * Stream-Safe Text Format (https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format): to compare and to look up, not
 * to send.
 */
export function normalized(text: string, form: 'NFC' | 'NFKD'): string {
  return text.replaceAll(marks, `$&${joiner}`).normalize(form)
}
