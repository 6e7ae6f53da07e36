import { isUtf8 } from 'node:buffer'
import { codePageOf, decodeCodePage } from './code-pages.ts'

/**
 * The text of bytes. A byte order mark knows best; then the charset that is declared, where the bytes are of it; else
 * they are UTF-8 where they are, or nearly are, and Windows-1252 otherwise, which older Windows programs write unasked.
 *
 * @param declared as a header names it; null where none does
 */
export function decodeText(bytes: Uint8Array, declared: string | null): string {
  const marked = markedAs(bytes)
  if (marked !== null) return new TextDecoder(marked).decode(bytes)
  const charset = declared === null ? null : knownCharset(declared)
  if (charset !== null && charset !== 'utf-8') {
    const text = decodeAs(bytes, charset)
    if (text !== null) return text
  }
  return guessed(bytes)
}

/**
 * The name by which a charset is known here; null where nobody knows it (`utf8mb4` is, `x-user` is not), and for what
 * names none.
 */
export function knownCharset(declared: string): string | null {
  const name = bareName(declared)
  if (/^utf[-_]?8/.test(name)) return 'utf-8'
  if (namesNone.test(name)) return null
  for (const label of [name, name.replaceAll('_', '-'), ...otherNames(name)]) {
    try {
      return new TextDecoder(label).encoding
    } catch {
      // Not by this name.
    }
  }
  return codePageOf(name)
}

/** Whether texts that are declared so can be read: by that charset, or by what their bytes are where it names none. */
export function isReadableCharset(declared: string): boolean {
  return namesNone.test(bareName(declared)) || knownCharset(declared) !== null
}

/** Of quotes, within a header's 128 KB: no square of their number. */
function bareName(declared: string): string {
  return declared
    .trim()
    .replaceAll(/^["']+|(?<!["'])["']+$/g, '')
    .toLowerCase()
}

/** ASCII, which programs declare whatever they send; and words that tell how a text is kept, or nothing. */
const namesNone =
  /^(?:(?:us[-_]?ascii|ascii|ansi_x3).*|ansi|utf|binary|[78][-_]?bit|none|null|undefined|unknown|default|auto|\*)?$/s

/** `ISO8859_1`, `cp1251`, `win-1250` and their like. */
function otherNames(name: string): string[] {
  const [, latin] = /^(?:iso[-_]?8859|latin)[-_]?(\d{1,2})$/.exec(name) ?? []
  if (latin !== undefined) return name.startsWith('latin') ? [`latin${latin}`] : [`iso-8859-${latin}`]
  const [, order] = /^(?:utf[-_]?16|ucs[-_]?2)[-_]?([lb]e)?$/.exec(name) ?? []
  if (order !== undefined || /^(?:utf|ucs)[-_]?(?:16|2)$/.test(name)) return [`utf-16${order ?? 'le'}`]
  const [, page = ''] = /^(?:cp|ms|ansi|win|windows)?[-_]?(\d{3,5})$/.exec(name) ?? []
  if (/^(?:125\d|874)$/.test(page)) return [`windows-${page}`]
  const label = windowsPages[page]
  return label === undefined ? [] : [label]
}

/** Code pages of Windows that have names of their own (Microsoft, "Code Page Identifiers"). */
const windowsPages: Readonly<Record<string, string | undefined>> = {
  '932': 'shift_jis',
  '936': 'gbk',
  '949': 'euc-kr',
  '950': 'big5',
  '1200': 'utf-16le',
  '1201': 'utf-16be',
  '20127': 'utf-8',
  '28591': 'iso-8859-1',
  '54936': 'gb18030',
  '65001': 'utf-8',
}

/** null where the bytes are not of it. */
function decodeAs(bytes: Uint8Array, charset: string): string | null {
  if (codePageOf(charset) !== null) return decodeCodePage(bytes, charset)
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

// Windows PowerShell writes its files in UTF-16, and nobody says so when such a file is posted.
function markedAs([first, second, third]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null
}

function guessed(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return new TextDecoder('utf-8').decode(bytes)
  // PHP and Delphi cut a text after so many bytes, through a character; one byte of another charset may be in it.
  const nearly = new TextDecoder('utf-8').decode(withoutCutEnd(bytes))
  const wholes = nearly.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0
  const wrongs = nearly.match(/\ufffd/g)?.length ?? 0
  return wholes > 0 && wholes >= wrongs ? nearly : new TextDecoder('windows-1252').decode(bytes)
}

/** Without the beginning of a character at the end whose rest is missing. */
function withoutCutEnd(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes
    if (byte >= 0xc2) return lengthOf(byte) > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4
  return first >= 0xe0 ? 3 : 2
}

/**
 * Text of two bytes a character without a mark, as its first characters show: JSON and forms begin with ASCII.
 * null for any other.
 */
export function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes.length < 4 || bytes.length % 2 === 1) return null
  const [first, second, third, fourth] = bytes
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) return 'utf-16le'
  return first === 0 && third === 0 && second !== 0 && fourth !== 0 ? 'utf-16be' : null
}
