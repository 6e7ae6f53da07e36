import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { outsideAppImage } from '../system/outside-app-image.ts'

const run = promisify(execFile)
const timeoutMs = 2_000

const bus = 'org.freedesktop.DBus'
const busPath = '/org/freedesktop/DBus'
/** Whoever draws tray icons owns this name (https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/). */
const watcher = 'org.kde.StatusNotifierWatcher'

/** The tools that can ask the session's bus, with what they print for yes: glib's, systemd's and D-Bus' own. */
const toolsAsking = (name: string) => [
  {
    file: 'gdbus',
    args: [
      'call',
      '--session',
      '--dest',
      bus,
      '--object-path',
      busPath,
      '--method',
      `${bus}.NameHasOwner`,
      name,
    ],
    yes: '(true,)',
  },
  {
    file: 'busctl',
    args: ['--user', 'call', bus, busPath, bus, 'NameHasOwner', 's', name],
    yes: 'b true',
  },
  {
    file: 'dbus-send',
    args: [
      '--session',
      '--print-reply=literal',
      `--dest=${bus}`,
      busPath,
      `${bus}.NameHasOwner`,
      `string:${name}`,
    ],
    yes: 'boolean true',
  },
]

/**
 * Whether this desktop draws tray icons. GNOME without the AppIndicator extension does not, and Electron has no way to
 * tell (https://www.electronjs.org/docs/latest/api/tray, "Platform considerations"). Where nobody can be asked the answer
 * is no: a window that stays in the taskbar is a lesser evil than one that cannot be found.
 */
export async function hasTrayHost(): Promise<boolean> {
  return process.platform !== 'linux' || nameHasOwner(watcher, process.env)
}

/** Whether a program owns that name on the session's bus; no where it cannot be asked. */
export async function nameHasOwner(name: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  for (const { file, args, yes } of toolsAsking(name)) {
    try {
      const { stdout } = await run(file, args, { timeout: timeoutMs, env: outsideAppImage(environment) })
      return stdout.trim() === yes
    } catch {
      // The tool is not installed, or there is no bus: the next one may know.
    }
  }
  return false
}
