import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { App } from 'electron'
import { hiddenFlag } from './start-options.ts'

/** Has the program started in the tray when this user logs in, or no longer. */
export function startAtLogin(app: App, wanted: boolean): void {
  if (process.platform === 'linux') return writeAutostart(app, wanted)
  app.setLoginItemSettings({ openAtLogin: wanted, args: [hiddenFlag] })
}

/** Whether macOS itself started the program at login: its login items take no arguments of ours. */
export function wasStartedAtLogin(app: App): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin
}

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
function writeAutostart(app: App, wanted: boolean): void {
  const folder = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'autostart')
  const file = join(folder, 'kurir.desktop')
  if (!wanted) return rmSync(file, { force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(file, autostartEntry(startCommand(app)), { mode: 0o644 })
}

/** An AppImage runs from a mount that is another at every start; its own path is in APPIMAGE. */
function startCommand(app: App): string[] {
  const program = process.env['APPIMAGE'] ?? process.execPath
  return app.isPackaged ? [program, hiddenFlag] : [program, app.getAppPath(), hiddenFlag]
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
