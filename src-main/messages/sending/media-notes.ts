import type { MediaKind } from '../../media/files/media-file.ts'

/**
 * What a caller is told of a file besides what was changed on it: what WhatsApp takes, but is not proven to show
 * everywhere.
 */
export function uncertaintyNotes(file: {
  kind: MediaKind
  viewOnce: boolean
  newsletter: boolean
}): string[] {
  const { kind, viewOnce, newsletter } = file
  const notes: string[] = []
  if (viewOnce) {
    notes.push(
      'A file that can be opened only once is not shown on linked computers, and that every iPhone shows it is not proven.',
    )
  }
  if (newsletter && (kind === 'document' || kind === 'audio')) {
    notes.push(
      'Pictures, videos and voice notes are known to be shown in newsletters; look there whether this file is.',
    )
  }
  return notes
}
