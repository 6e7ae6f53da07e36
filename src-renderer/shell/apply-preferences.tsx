import { useMantineColorScheme } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { DictionaryProvider, loadDictionary, type Dictionary } from '../i18n/dictionary.tsx'
import { languageFor } from '../i18n/language.ts'
import { useCallQuery } from '../program/ipc-call.ts'

const rememberedKey = 'kurir-language'

/** Language and theme as the settings say; until those are known, as at the last time. */
export function Preferences({ children }: { children: ReactNode }) {
  const settings = useCallQuery('settings.all', {}).data?.values
  const system = useCallQuery('program.info', {}).data?.systemLanguage ?? navigator.language
  const wanted = settings?.['window.language']
  const language =
    wanted === undefined
      ? languageFor('system', localStorage.getItem(rememberedKey) ?? system)
      : languageFor(wanted, system)
  useTheme(settings?.['window.theme'])

  const [dictionary, setDictionary] = useState<Dictionary | null>(null)
  useEffect(() => {
    let current = true
    void loadDictionary(language).then((loaded) => {
      if (!current) return
      document.documentElement.lang = language
      localStorage.setItem(rememberedKey, language)
      setDictionary(loaded)
    })
    return () => {
      current = false
    }
  }, [language])

  return dictionary === null ? null : <DictionaryProvider value={dictionary}>{children}</DictionaryProvider>
}

function useTheme(wanted: 'system' | 'light' | 'dark' | undefined): void {
  const { setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    if (wanted !== undefined) setColorScheme(wanted === 'system' ? 'auto' : wanted)
  }, [wanted, setColorScheme])
}
