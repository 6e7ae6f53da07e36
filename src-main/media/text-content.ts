import type { Format } from './formats.ts'

/** What a file without any signature is, if its beginning can be read as text. */
export function formatOfText(head: Buffer): Format | null {
  const text = textOf(head)
  if (text === null) return null
  const start = text.replace(/^(\s|<!--[\s\S]*?-->|<\?xml[\s\S]*?\?>)+/i, '').toLowerCase()
  if (/^(<!doctype svg|<svg[\s>])/.test(start)) return 'svg'
  if (
    /^<(!doctype html|html|head|body|script|title|meta|table|div|p|h1|style|br|a|!doctype)[\s>/]/.test(start)
  ) {
    return 'html'
  }
  if (/<html[\s>]/.test(start)) return 'html'
  if (/^[[{]/.test(start)) return looksLikeJson(start) ? 'json' : 'text'
  return 'text'
}

const looksLikeJson = (start: string): boolean =>
  /^(\{\s*("|\})|\[\s*([[{"\d\]-]|true|false|null))/.test(start)

/** UTF-8, UTF-16 with its mark, or a one-byte encoding without control characters. */
function textOf(head: Buffer): string | null {
  if (head.length === 0) return null
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString('utf16le', 2)
  if (head[0] === 0xfe && head[1] === 0xff)
    return head
      .subarray(2, head.length & ~1)
      .swap16()
      .toString('utf16le')
  // Only tab, line ends, form feed and escape occur in texts.
  const binary = head.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte))
  return binary ? null : head.toString('utf8').replace(/^\uFEFF/, '')
}
