import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Failure, sentenceOf } from '../../lib/failure.ts'
import { maxKeyNameCharacters } from '../../keys/api-key.ts'
import type { RestoreInclude } from '../../storage/backup/restores.ts'

/** What the command line asks for; the same options serve the desktop, which has no use for some. */
export interface CommandLine {
  help: boolean
  version: boolean
  sandbox: boolean
  /** Absolute path. */
  dataFolder: string
  /** Where earlier versions kept what belongs into dataFolder now; null where they did not, or a folder was named. */
  earlierDataFolder: string | null
  readyFile: string | null
  newKey: string | null
  pair: string | null
  settingOverrides: Record<string, string>
  whatsappUrl: string | null
  extraCa: string | null
  exportDiagnostics: string | null
  /** Absolute path. */
  traceStanzas: string | null
  /** Absolute path of a backup. */
  restore: string | null
  /** What of a backup is brought along although it lets somebody in. */
  restoreInclude: RestoreInclude
}

export const usage = `Kurir, a WhatsApp gateway for programs on this PC.

  npm start -- --headless [options]

  --sandbox             with a practice WhatsApp, one device paired with it, a key, and a curl line to try
  --data-dir DIR        where everything is kept (default: ${defaultDataFolder()})
  --port N              port of the API; 0 is any that is free (default: the setting api.port, 3210)
  --ready-file FILE     written once everything runs: addresses, process id, and a key that was made
  --new-key NAME        makes an API key for all devices with all rights, and prints it once
  --pair NUMBER         pairs a device, its QR drawn here
  --setting NAME=VALUE  another value for one setting, in this run only (repeatable)
  --whatsapp-url URL    pairs new devices with another WhatsApp Web endpoint (or KURIR_WHATSAPP_URL)
  --extra-ca FILE       a PEM certificate to trust for that endpoint and its media hosts
  --export-diagnostics FILE  writes versions, states, settings and the latest lines of the log, with no secret,
                        number or text, and ends
  --restore FILE        takes log, devices and settings from a backup, says which keys and which settings that open
                        Kurir to others it has, and ends; the next start puts all in place
  --restore-include LIST  with --restore: brings these along, too: keys, access, or both with a comma
  --trace-stanzas FILE  writes what is exchanged with WhatsApp into a new file: tags and attributes with their times, never
                        contents, keys or texts; numbers hashed
  --version, --help
`

/**
 * Reads the options after the program's name.
 * @throws Failure option_invalid, naming the option
 */
export function readCommandLine(
  words: readonly string[],
  environment: Record<string, string | undefined>,
): CommandLine {
  const values = parse(words)
  refuseEmpty(values)
  if (values.restore !== undefined && values['export-diagnostics'] !== undefined) {
    throw new Failure('option_invalid', '--restore and --export-diagnostics each end the program: give one.')
  }
  return {
    help: values.help ?? false,
    version: values.version ?? false,
    sandbox: values.sandbox ?? false,
    dataFolder: resolve(values['data-dir'] ?? defaultDataFolder()),
    earlierDataFolder: values['data-dir'] === undefined ? earlierDataFolder() : null,
    readyFile: values['ready-file'] === undefined ? null : resolve(values['ready-file']),
    newKey: values['new-key'] === undefined ? null : keyNameOf(values['new-key']),
    pair: values.pair ?? null,
    settingOverrides: { ...overridesOf(values.setting ?? []), ...portOf(values.port) },
    whatsappUrl:
      values['whatsapp-url'] === undefined
        ? webSocketUrlOf('KURIR_WHATSAPP_URL', environment['KURIR_WHATSAPP_URL'])
        : webSocketUrlOf('--whatsapp-url', values['whatsapp-url']),
    extraCa: values['extra-ca'] === undefined ? null : resolve(values['extra-ca']),
    exportDiagnostics:
      values['export-diagnostics'] === undefined ? null : resolve(values['export-diagnostics']),
    traceStanzas: values['trace-stanzas'] === undefined ? null : resolve(values['trace-stanzas']),
    restore: values.restore === undefined ? null : resolve(values.restore),
    restoreInclude: restoreIncludeOf(values['restore-include'] ?? '', values.restore !== undefined),
  }
}

/** Where the platform keeps what belongs to an application of one user. */
function defaultDataFolder(): string {
  if (process.platform === 'win32') {
    return join(placeIn('LOCALAPPDATA') ?? join(homedir(), 'AppData', 'Local'), 'Kurir')
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Kurir')
  return join(placeIn('XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'Kurir')
}

/**
 * Windows' roaming folder, which networks copy from PC to PC at every login, or keep on a server: no place for a database,
 * and two PCs must not have the same session.
 */
function earlierDataFolder(): string | null {
  if (process.platform !== 'win32') return null
  return join(placeIn('APPDATA') ?? join(homedir(), 'AppData', 'Roaming'), 'Kurir')
}

/** Empty or relative counts as not set (XDG base directories): a folder wherever the program was started is nobody's wish. */
function placeIn(variable: string): string | null {
  const place = process.env[variable] ?? ''
  return isAbsolute(place) ? place : null
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      strict: true,
      allowPositionals: false,
      options: {
        headless: { type: 'boolean' },
        help: { type: 'boolean' },
        version: { type: 'boolean' },
        sandbox: { type: 'boolean' },
        'data-dir': { type: 'string' },
        port: { type: 'string' },
        'ready-file': { type: 'string' },
        'new-key': { type: 'string' },
        pair: { type: 'string' },
        setting: { type: 'string', multiple: true },
        'whatsapp-url': { type: 'string' },
        'extra-ca': { type: 'string' },
        'export-diagnostics': { type: 'string' },
        'trace-stanzas': { type: 'string' },
        restore: { type: 'string' },
        'restore-include': { type: 'string' },
      },
    }).values
  } catch (error) {
    const sentence = sentenceOf(error).replace(/[^.!?]$/, '$&.')
    throw new Failure('option_invalid', `${sentence} --help lists the options.`, { cause: error })
  }
}

/** What a script's variable that was never set leaves behind: an empty folder would be the current one. */
function refuseEmpty(values: ReturnType<typeof parse>): void {
  const [name] = Object.entries(values).find(([, value]) => value === '') ?? []
  if (name === undefined) return
  throw new Failure('option_invalid', `--${name} is empty. --help lists the options.`)
}

function restoreIncludeOf(text: string, restores: boolean): RestoreInclude {
  const parts = text === '' ? [] : text.split(',').map((part) => part.trim())
  const unknown = parts.find((part) => part !== 'keys' && part !== 'access')
  if (unknown !== undefined) {
    throw new Failure('option_invalid', `--restore-include takes keys, access or keys,access, not "${text}".`)
  }
  if (parts.length > 0 && !restores) throw new Failure('option_invalid', '--restore-include needs --restore.')
  return { keys: parts.includes('keys'), access: parts.includes('access') }
}

/** A short form of `--setting api.port=N`. */
function portOf(text: string | undefined): Record<string, string> {
  if (text === undefined) return {}
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return { 'api.port': text }
  throw new Failure('option_invalid', `--port takes a number from 0 to 65535, not "${text}".`)
}

/** As the window takes it. */
function keyNameOf(text: string): string {
  const name = text.trim()
  if (name !== '' && name.length <= maxKeyNameCharacters) return name
  throw new Failure('option_invalid', `--new-key takes a name of 1 to ${maxKeyNameCharacters} characters.`)
}

function overridesOf(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const equals = assignment.indexOf('=')
      if (equals < 1) {
        throw new Failure('option_invalid', `--setting takes NAME=VALUE, not "${assignment}".`)
      }
      return [assignment.slice(0, equals), assignment.slice(equals + 1)]
    }),
  )
}

/** @param name of the option or variable that says it */
function webSocketUrlOf(name: string, text: string | undefined): string | null {
  if (text === undefined || text === '') return null
  if (URL.canParse(text) && ['ws:', 'wss:'].includes(new URL(text).protocol)) return text
  throw new Failure('option_invalid', `${name} takes a ws:// or wss:// address, not "${text}".`)
}
