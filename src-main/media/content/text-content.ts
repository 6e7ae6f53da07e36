import type { Format } from './formats.ts'

/**
 * What a file is whose beginning can be read as text; null where it cannot. Signatures of a few letters ("BM", "MZ")
 * mean nothing there: the binary formats that they stand for have control characters among their first bytes.
 */
export function formatOfText(head: Buffer): Format | null {
  const text = textOf(head)
  if (text === null) return null
  if (/^\{\\rtf\d/.test(text)) return 'rtf'
  const start = text.replace(/^(\s|<!--[\s\S]*?-->|<\?xml[\s\S]*?\?>)+/i, '').toLowerCase()
  if (/^(<!doctype\s+svg|<svg[\s>])/.test(start)) return 'svg'
  const isXml = /^\s*<\?xml\s/i.test(text)
  if (isXml ? /^<(!doctype\s+)?html[\s>]/.test(start) : isPage(start)) return 'html'
  if (isXml || /^<[a-z_][\w.:-]*(\s[^<>]*)?>[\s\S]*<\//.test(start)) return 'xml'
  if (start.startsWith('begin:vcard')) return 'vcard'
  if (start.startsWith('begin:vcalendar')) return 'calendar'
  if (/^[[{]/.test(start)) return looksLikeJson(start) ? 'json' : 'text'
  return 'text'
}

/** Only what begins as a page is one: a text may speak of `<html>`. */
const isPage = (start: string): boolean =>
  /^<!doctype\s+html[\s>]/.test(start) ||
  /^<(html|head|body|script|style|title|meta|link|base|noscript|iframe|form|table|div|span|p|h[1-6]|center|font|b|i|u|pre|ul|ol|section|main|header|nav|img|hr|br|a)[\s>/]/.test(
    start,
  )

const looksLikeJson = (start: string): boolean =>
  /^(\{\s*("|\})|\[\s*([[{"\d\]-]|true|false|null))/.test(start)

/** Tab, line ends, vertical tab, form feed, DOS's end of a file and escape occur in texts. */
const isTextControl = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a, 0x1b])

/** UTF-8, UTF-16 with its mark, or a one-byte encoding without control characters. */
function textOf(head: Buffer): string | null {
  if (head.length === 0) return null
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString('utf16le', 2)
  if (head[0] === 0xfe && head[1] === 0xff)
    return head
      .subarray(2, head.length & ~1)
      .swap16()
      .toString('utf16le')
  const isBinary = head.some((byte) => byte < 0x20 && !isTextControl.has(byte))
  return isBinary ? null : head.toString('utf8').replace(/^\uFEFF/, '')
}
