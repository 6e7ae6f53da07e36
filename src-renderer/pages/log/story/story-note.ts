import type { Words } from '../../../i18n/en.ts'

type Notes = Words['story']['notes']

/** The notes that the program writes into a message's story, by how they begin or end. */
const known: readonly (readonly [RegExp, keyof Notes])[] = [
  [/^the same text went to /, 'sameText'],
  [/^sent again under its id after a restart$/, 'afterRestart'],
  [/^not acknowledged: /, 'notConfirmed'],
  [/^did not leave: /, 'didNotLeave'],
  [/but it may have arrived before; to be sent again under its id$/, 'mayHaveArrived'],
]

/** A note in the window's language; one that it does not know stays as it is, in English. */
export function noteIn(notes: Notes, note: string): { text: string; language: 'en' | undefined } {
  const found = known.find(([form]) => form.test(note))
  return found === undefined ? { text: note, language: 'en' } : { text: notes[found[1]], language: undefined }
}
