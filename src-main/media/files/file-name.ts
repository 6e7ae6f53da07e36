import { decodeText } from '../../lib/text-encoding/charset.ts'
import { readParameters } from '../../lib/text-encoding/header-parameters.ts'
import { normalized } from '../../lib/text-encoding/normalized.ts'
import { textParameter } from '../../lib/text-encoding/text-parameter.ts'
import { formats, isTextFormat, type Sniffed } from '../content/formats.ts'
import { officeKinds } from '../content/office/office-kinds.ts'
import { extensionOfTextType, typeOfTextExtension } from '../content/text-types.ts'

/** Where a name may come from, best first. */
export interface NameSources {
  /** The caller's parameter `filename`. */
  readonly wanted: string | null
  /** A Content-Disposition header, as it came. */
  readonly contentDisposition: string | null
  /** What an upload's multipart part said. */
  readonly uploaded: string | null
  readonly url: URL | null
}

/** Characters; WhatsApp shows about 40, file systems end at 255 bytes. */
const maxNameCharacters = 120

/** The name that a file was given, and by whom. */
export interface GivenName {
  /** One path segment that every system accepts; empty where nothing names the file. */
  readonly name: string
  readonly by: 'caller' | 'server' | 'upload' | 'url' | null
}

/** The first name that somebody gave: the caller, the server, the upload, or the url. */
export function givenName(sources: NameSources): GivenName {
  const candidates: [string | null, GivenName['by']][] = [
    [sources.wanted, 'caller'],
    [fromContentDisposition(sources.contentDisposition), 'server'],
    [sources.uploaded, 'upload'],
    [fromUrl(sources.url), 'url'],
  ]
  for (const [candidate, by] of candidates) {
    const name = safeName(lastPart(candidate ?? '', by))
    if (name !== '') return { name, by }
  }
  return { name: '', by: null }
}

/** The extension of a name, in lower case, without its point; empty where there is none. */
export const extensionOf = (name: string): string => split(name).extension.toLowerCase()

/**
 * The name under which the recipient sees and saves the file, with the extension that its content has.
 *
 * @param contentType what a server or program calls it: the extension of a text that has no name of its own
 */
export function fileNameFor(
  sources: NameSources,
  content: Sniffed,
  contentType: string | null = null,
): string {
  const { name, by } = givenName(sources)
  // A script's name in a url says nothing of what it answers.
  const named = by === 'url' && isScript(extensionOf(name)) ? split(name).stem : name
  return withExtension(named === '' ? 'file' : named, content, contentType)
}

/** RFC 6266: `filename*` before `filename`; read as leniently as the parts of an upload. */
function fromContentDisposition(header: string | null): string | null {
  const found = header === null ? null : textParameter(readParameters(header).parameters, 'filename')
  if (found === null) return null
  return found.isExtended ? found.text : withoutEscapes(found.text)
}

/**
 * Servers that escape the plain form against the standard are read as Chromium does
 * (net/http/http_content_disposition.cc): where the whole name is escapes and ASCII.
 */
function withoutEscapes(name: string): string {
  const isEscaped = /%[\da-f]{2}/i.test(name) && !/%(?![\da-f]{2})|[^\x21-\x7e]/i.test(name)
  return isEscaped ? decodeEscapes(name) : name
}

function fromUrl(url: URL | null): string | null {
  const last = url?.pathname.split('/').findLast((segment) => segment !== '')
  return last === undefined ? null : decodeEscapes(last)
}

/** Escape by escape: a `%` that begins none is part of the name. */
function decodeEscapes(text: string): string {
  const bytes = text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return decodeText(Buffer.from(bytes, 'latin1'), null)
}

/**
 * Of a path its last part (RFC 6266, 4.3); all of a name in which a slash is part of a number: `No. 12/INV/2026.pdf`.
 * Browsers put another character for such a slash, too (Chromium, SanitizeGeneratedFileName in
 * net/base/filename_util_internal.cc).
 */
function lastPart(written: string, by: GivenName['by']): string {
  const isPath = by === 'url' || pathMark.test(written) || (by === 'upload' && relativePath.test(written))
  const parts = written.split(isPath ? /[/\\]/ : '/').filter((part) => part.trim() !== '')
  return isPath ? (parts.at(-1) ?? '') : parts.join('-')
}

/** A root, a drive, a home, a scheme, a step up, or a backslash. */
const pathMark = /^\s*(?:\/|~[^/\s]*\/|[a-z][a-z\d+.-]*:\/)|\\|(?:^|\/)\.{1,2}(?:\/|$)/i

/** Programs name an upload after the place where they have it: `new CURLFile('uploads/2026/nota.pdf')` in PHP. */
const relativePath = /^[a-z_][a-z\d_.-]+\/(?:[a-z\d_.-]+\/)*[^/]+$/

/** Without characters that some system forbids, invisible direction marks, and reserved names. */
function safeName(segment: string): string {
  const allowed = Array.from(normalized(segment, 'NFC'), (character) =>
    isForbidden(character) ? '_' : character,
  )
    .join('')
    .replaceAll(/_{2,}/g, '_')
    .replace(/^[\s.]+/, '')
  const clean = withoutEnd(allowed)
  if (/^_*$/.test(clean)) return ''
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(clean) ? `_${clean}` : clean
}

/** Without blanks and points at its end; a regular expression takes the square of their number. */
function withoutEnd(name: string): string {
  let { length } = name
  while (length > 0 && /[\s.]/.test(name[length - 1] ?? '')) length -= 1
  return name.slice(0, length)
}

function isForbidden(character: string): boolean {
  // Control characters, what Windows forbids, and marks that make "gpj.exe" read as "exe.jpg".
  return /[\p{Cc}\p{Cf}\p{Cs}<>:"|?*\u2028\u2029]/u.test(character)
}

function withExtension(name: string, content: Sniffed, contentType: string | null): string {
  const { stem, extension } = split(name)
  const lower = extension.toLowerCase()
  if (content.format === 'unknown') return shortened(stem, extension)
  const right = content.format === 'other' ? [content.extension] : formats[content.format].extensions
  if ((right as readonly string[]).includes(lower)) return shortened(stem, extension)
  if ('damaged' in content && content.format === 'zip' && Object.hasOwn(officeKinds, lower))
    return shortened(stem, extension)
  // A text is what its name says: programs write HTML, XML and tables under the extensions of others.
  if (isTextFormat(content) && typeOfTextExtension(lower) !== null) return shortened(stem, extension)
  // Containers and texts have many names: .kmz, .sxw, .ledger are right for them.
  if (lower !== '' && isOpenEnded(content) && !isOwned(lower)) return shortened(stem, extension)
  const kept = extension === '' || isOwned(lower) || isScript(lower) ? stem : name
  // Which kind it is cannot be seen: none is better than a wrong one.
  if (content.format === 'encryptedOffice') return shortened(kept, '')
  const said = isTextFormat(content) ? extensionOfTextType(contentType) : null
  return shortened(kept, said ?? content.extension)
}

function isOpenEnded(content: Sniffed): boolean {
  const { format } = content
  return format === 'zip' || format === 'ole' || format === 'other' || isTextFormat(content)
}

/** Extensions that belong to a format of the tables: wrong on anything else. */
const isOwned = (extension: string): boolean =>
  Object.hasOwn(officeKinds, extension) ||
  Object.entries(formats).some(
    ([format, facts]) =>
      format !== 'text' && format !== 'ole' && (facts.extensions as readonly string[]).includes(extension),
  )

/** Last segments like `download.php` name the program that answered, not the file. */
export const isScript = (extension: string): boolean =>
  ['php', 'asp', 'aspx', 'ashx', 'jsp', 'cgi', 'do', 'bin', 'tmp'].includes(extension)

/** A dot followed by one to five letters or digits, not all digits, or by a longer one that is known: "Nota 12.500" has none. */
function split(name: string): { stem: string; extension: string } {
  const found = /^(.+)\.([A-Za-z0-9]{1,8})$/.exec(name)
  const [, stem, extension] = found ?? []
  if (stem === undefined || extension === undefined || /^\d+$/.test(extension) || isTooLong(extension)) {
    return { stem: name, extension: '' }
  }
  return { stem, extension }
}

function shortened(stem: string, extension: string): string {
  const suffix = extension === '' ? '' : `.${extension}`
  const characters = Array.from(stem.trim())
  return (
    characters
      .slice(0, maxNameCharacters - suffix.length)
      .join('')
      .trim() + suffix
  )
}

const isTooLong = (extension: string): boolean =>
  extension.length > 5 &&
  typeOfTextExtension(extension) === null &&
  !longExtensions.has(extension.toLowerCase())

/** Words as long as these are rather the end of a name: "Nota CV.Makmur". */
const longExtensions = new Set(
  'numbers keynote sqlite sqlite3 parquet torrent backup config ledger drawio markdown'.split(' '),
)
