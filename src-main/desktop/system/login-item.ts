import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { App } from 'electron'
import { readCommandLine } from '../../headless/terminal/command-line.ts'
import { dataFolderOption, hiddenFlag } from '../lifecycle/start-options.ts'

/** Has the program started in the tray, on the same data folder, when this user logs in, or no longer. */
export function startAtLogin(app: App, dataFolder: string, wanted: boolean): void {
  if (!canStartAtLogin(dataFolder)) return
  const words = wordsAtLogin(app, dataFolder)
  if (process.platform === 'linux') return writeAutostart(words, wanted)
  // Electron quotes each for Windows (browser_win.cc, FormatCommandLineString). The name is that of the value in the
  // registry, which the uninstaller removes: resources/installer.nsh.
  app.setLoginItemSettings({ openAtLogin: wanted, args: words, name: 'Kurir' })
}

/** Why the setting has no effect; null where it has, or where the system does not tell. */
export function loginItemProblem(app: App): 'needs_approval' | 'refused' | null {
  if (process.platform !== 'darwin') return null
  const { status } = app.getLoginItemSettings()
  if (status === 'enabled') return null
  return status === 'requires-approval' ? 'needs_approval' : 'refused'
}

/**
 * The login items of macOS take no arguments: they would open the default folder, not this one, and take its place
 * at the port.
 */
export function canStartAtLogin(dataFolder: string): boolean {
  return process.platform !== 'darwin' || isDefault(dataFolder)
}

/** Whether macOS itself started the program at login: its login items take no arguments of ours. */
export function wasStartedAtLogin(app: App): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin
}

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
function writeAutostart(words: readonly string[], wanted: boolean): void {
  const folder = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'autostart')
  const file = join(folder, 'kurir.desktop')
  if (!wanted) return rmSync(file, { force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(file, autostartEntry([startProgram(), ...words]), { mode: 0o644 })
}

/** An AppImage runs from a mount that is another at every start; its own path is in APPIMAGE. */
function startProgram(): string {
  return process.env['APPIMAGE'] ?? process.execPath
}

/** Of this start's options only the data folder lasts, which holds all settings; the others are for one run. */
function wordsAtLogin(app: App, dataFolder: string): string[] {
  const program = app.isPackaged ? [] : [app.getAppPath()]
  const folder = isDefault(dataFolder) ? [] : [dataFolderOption, dataFolder]
  return [...program, ...folder, hiddenFlag]
}

/** Where data are kept that no option names, be it still in the place of earlier versions. */
function isDefault(folder: string): boolean {
  const { dataFolder, earlierDataFolder } = readCommandLine([], {})
  return folder === dataFolder || folder === earlierDataFolder
}

export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Kurir',
    'Comment=WhatsApp gateway for programs on this PC',
    'Icon=kurir',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    `Exec=${command.map(quoted).join(' ')}`,
    '',
  ].join('\n')
}

/**
 * One argument of an Exec line: quoted, with the four characters escaped that quotes do not protect, that
 * backslash escaped again as in every string value, and the per cent sign doubled
 * (https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html).
 */
function quoted(argument: string): string {
  const escaped = argument
    .replace(/["`$\\]/g, (character) => `\\${character}`)
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
  return `"${escaped}"`
}
