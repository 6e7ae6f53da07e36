import { machine, seen } from './machine.ts'
import { quoteArgument } from './windows-command-line.ts'

/** Login items as Electron keeps them: macOS without arguments, Windows in its registry. Linux has none. */
export function setLoginItem(settings: Electron.Settings): void {
  const { openAtLogin = false, args = [] } = settings
  if (process.platform === 'darwin') seen.loginItem = { openAtLogin }
  if (process.platform !== 'win32') return
  const name = settings.name ?? seen.appUserModelId ?? 'electron.app.Kurir'
  const program = settings.path ?? process.execPath
  // browser_win.cc: FormatCommandLineString quotes the program and each argument, quoted or not.
  if (openAtLogin) seen.runValues[name] = [program, ...args].map(quoteArgument).join(' ')
  else Reflect.deleteProperty(seen.runValues, name)
}

export function loginItem(): Electron.LoginItemSettings {
  return {
    openAtLogin: seen.loginItem?.openAtLogin ?? false,
    wasOpenedAtLogin: false,
    status: machine.loginItemStatus,
    executableWillLaunchAtLogin: Object.keys(seen.runValues).length > 0,
    launchItems: [],
  }
}
