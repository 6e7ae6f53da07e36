import type { SettingValue } from '../../src-preload/contract.ts'

export type Language = 'id' | 'en'

/** The language to show: the operator's choice, else the system's where there is a dictionary for it. */
export function languageFor(wanted: SettingValue<'window.language'>, system: string): Language {
  if (wanted !== 'system') return wanted
  return /^(id|ms|jv|su)\b/i.test(system) ? 'id' : 'en'
}
