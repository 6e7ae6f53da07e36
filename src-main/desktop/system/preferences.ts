import { app, nativeTheme } from 'electron'
import type { Logger } from '../../lib/logging/logger.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { Settings } from '../../storage/settings/settings.ts'
import { startAtLogin } from './login-item.ts'

/** Has the system follow the settings that are its own to carry out, now and whenever they change. */
export function followPreferences(options: {
  settings: Settings
  log: Logger
  /** As this start opened it. */
  dataFolder: string
  onLanguage: () => void
}): void {
  const { settings, log, dataFolder, onLanguage } = options
  nativeTheme.themeSource = settings.get('window.theme')
  // Written anew at each start: the program may have been moved, or be another version's file.
  if (settings.get('desktop.startAtLogin')) setLoginItem(true)
  settings.onChange.add((name) => {
    if (name === 'window.theme') nativeTheme.themeSource = settings.get('window.theme')
    if (name === 'window.language') onLanguage()
    if (name === 'desktop.startAtLogin') setLoginItem(settings.get('desktop.startAtLogin'))
  })

  function setLoginItem(wanted: boolean): void {
    try {
      startAtLogin(app, dataFolder, wanted)
    } catch (error) {
      log.error({ reason: sentenceOf(error) }, 'could not change the login item')
    }
  }
}
