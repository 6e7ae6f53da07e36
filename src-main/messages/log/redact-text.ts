import { assertNever } from '../../lib/failure.ts'
import type { SettingValue } from '../../storage/settings/settings-schema.ts'

/** How texts are kept in the log. */
export type KeepTexts = SettingValue<'log.keepTexts'>

/** From everything to nothing. */
export const keepings = ['yes', 'masked', 'no'] as const satisfies readonly KeepTexts[]

/** Characters of a masked text that stay, at its beginning and its end. */
const shownFirst = 3
const shownLast = 2
/** Shorter texts show nothing: what stayed would be most of it. */
const minMaskedCharacters = 12

const segmenter = new Intl.Segmenter()

/** The text as the log keeps it. */
export function keptText(text: string | null, keep: KeepTexts): string | null {
  switch (keep) {
    case 'yes':
      return text
    case 'masked':
      return text === null ? null : masked(text)
    case 'no':
      return null
    default:
      return assertNever(keep)
  }
}

/** A file's name, which may name a person or an invoice: masked, only its kind stays. */
export function keptFileName(fileName: string | null, keep: KeepTexts): string | null {
  switch (keep) {
    case 'yes':
      return fileName
    case 'masked':
      return fileName === null ? null : `…${/\.[A-Za-z0-9]{1,8}$/.exec(fileName)?.[0] ?? ''}`
    case 'no':
      return null
    default:
      return assertNever(keep)
  }
}

/** The beginning and the end, by characters as people see them; never how long it was. */
function masked(text: string): string {
  // No character that people see is longer than this many code units in any sane text.
  const first = charactersOf(text.slice(0, 100))
  const last = charactersOf(text.slice(-100))
  if (first.length < minMaskedCharacters) return '…'
  return `${first.slice(0, shownFirst).join('')}…${last.slice(-shownLast).join('')}`
}

function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** What is shown below a text: a quoted line of its own in italics, each line of it. */
export function withFooter(text: string | null, footer: string | null): string | null {
  if (footer === null) return text
  const quoted = footer
    .split(/\r?\n/)
    .map((line) => (line.trim() === '' ? '>' : `> _${line.trim()}_`))
    .join('\n')
  return text === null || text === '' ? quoted : `${text}\n\n${quoted}`
}
