import { createContext, useContext, type ReactNode } from 'react'
import { useToday } from '../ui/use-today.ts'
import type { Words } from './en.ts'
import { formatFor, type Format } from './format.ts'
import type { Language } from './language.ts'

export interface Dictionary {
  language: Language
  t: Words
  format: Format
}

const DictionaryContext = createContext<Dictionary | null>(null)

/** Fetches a language's words; only the one that is shown is ever loaded. */
export async function loadDictionary(language: Language): Promise<Dictionary> {
  const t = language === 'id' ? (await import('./id.ts')).id : (await import('./en.ts')).en
  return { language, t, format: formatFor(language, t) }
}

export function DictionaryProvider({ value, children }: { value: Dictionary; children: ReactNode }) {
  return <DictionaryContext value={value}>{children}</DictionaryContext>
}

/** Words, formats and language of this window. */
export function useDictionary(): Dictionary {
  // Times are written by the day: whoever draws one draws it again on the next, when "10:42" was yesterday.
  useToday()
  const dictionary = useContext(DictionaryContext)
  if (dictionary === null) throw new Error('there is no dictionary around this component')
  return dictionary
}
