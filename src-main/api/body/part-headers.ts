import { Failure } from '../../lib/failure.ts'
import { isUncompressed } from '../../lib/text-encoding/compression-name.ts'
import { readParameters } from '../../lib/text-encoding/header-parameters.ts'
import { textParameter } from '../../lib/text-encoding/text-parameter.ts'

/** What the headers of one part of a multipart body say. */
export interface PartHeaders {
  /** The field's name; empty where there is none. */
  readonly name: string
  /** null: a field, not a file. Empty: a file input that nobody filled. */
  readonly fileName: string | null
  /** In lower case; null where none is named. */
  readonly mimeType: string | null
  readonly charset: string | null
  /** In lower case; `binary` where none is named. */
  readonly transferEncoding: string
}

/**
 * Reads the lines of a part's headers (RFC 7578, 4.2), as bytes that stand for themselves (latin1).
 *
 * @throws Failure body_unreadable where a line is none of a part's headers (then a blank line is missing), or where the
 *   part says that it is compressed
 */
export function readPartHeaders(lines: readonly string[]): PartHeaders {
  const headers = new Map<string, string>()
  let last = ''
  for (const line of lines) {
    const [, name, value = ''] = /^([\w-]+)[ \t]*:(.*)$/s.exec(line) ?? []
    if (name !== undefined && isPartHeader(name)) {
      last = name.toLowerCase()
      if (!headers.has(last)) headers.set(last, value.trim())
    } else if (/^[ \t]/.test(line) && last !== '') {
      headers.set(last, `${headers.get(last) ?? ''} ${line.trim()}`)
    } else {
      throw blankLineMissing()
    }
  }
  refuseCompressed(headers.get('content-encoding') ?? '')
  const disposition = readParameters(headers.get('content-disposition') ?? '').parameters
  const type = readParameters(headers.get('content-type') ?? '')
  return {
    name: formText(disposition, 'name') ?? '',
    fileName: formText(disposition, 'filename'),
    mimeType: type.value === '' ? null : type.value,
    charset: type.parameters.get('charset') ?? null,
    transferEncoding: bare(headers.get('content-transfer-encoding') ?? '') || 'binary',
  }
}

/** A header's value up to its first parameter, without quotes. */
const bare = (value: string): string => readParameters(value.replaceAll(/["']/g, '')).value

function refuseCompressed(encoding: string): void {
  if (isUncompressed(encoding)) return
  throw new Failure(
    'body_unreadable',
    `A part with the Content-Encoding "${encoding.slice(0, 40)}" is not read. Send it as it is, without Content-Encoding.`,
  )
}

// Any other name is a line of the value whose blank line is missing: "Catatan: lunas".
function isPartHeader(name: string): boolean {
  return /^(content-|x-|mime-version$)/i.test(name)
}

export function blankLineMissing(): Failure {
  return new Failure(
    'body_unreadable',
    'A part of the multipart body has no blank line between its headers and its value.',
  )
}

/** Browsers write these three in names as the HTML standard says ("multipart/form-data encoding algorithm"). */
function formText(parameters: ReadonlyMap<string, string>, name: string): string | null {
  const found = textParameter(parameters, name)
  if (found === null || found.isExtended) return found?.text ?? null
  return found.text.replaceAll(/%(22|0d|0a)/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
