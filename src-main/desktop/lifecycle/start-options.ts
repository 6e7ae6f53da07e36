import { readCommandLine, type CommandLine } from '../../headless/terminal/command-line.ts'

export interface StartOptions {
  commandLine: CommandLine
  /** Only the tray, as at login. */
  hidden: boolean
  /** Only to end the program that runs on the same data folder; what an installer asks for. */
  quit: boolean
  /** Why the data of earlier versions could not be moved; null where there were none, or they were. */
  dataStaysBecause: string | null
  /** When the program restarted itself after an error, in milliseconds since the epoch; null otherwise. */
  restartedAt: number | null
}

export const dataFolderOption = '--data-dir'
export const hiddenFlag = '--hidden'
export const quitFlag = '--quit'
export const restartedFlag = '--restarted-at='

/** Options of Kurir's own that take a value, and those that are flags. */
const withValue = new Set([
  dataFolderOption,
  '--port',
  '--setting',
  '--whatsapp-url',
  '--extra-ca',
  '--ready-file',
  '--new-key',
])
const flags = new Set(['--sandbox'])

/**
 * Reads the words after the program's own. On a desktop others add words too (Chromium's switches, macOS, a
 * playwright that drives it): what is not Kurir's is passed over.
 * @throws Failure option_invalid
 */
export function readStartOptions(
  words: readonly string[],
  environment: Record<string, string | undefined>,
): StartOptions {
  const restarted = words.find((word) => word.startsWith(restartedFlag))
  return {
    commandLine: readCommandLine(ownWords(words), environment),
    hidden: words.includes(hiddenFlag),
    quit: words.includes(quitFlag),
    dataStaysBecause: null,
    restartedAt: restarted === undefined ? null : Number(restarted.slice(restartedFlag.length)),
  }
}

/** Whether the next word is the value of this one. */
export function takesValue(word: string): boolean {
  return withValue.has(word)
}

function ownWords(words: readonly string[]): string[] {
  return words.filter((word, index) => {
    const [name = ''] = word.split('=', 1)
    const isOwn = flags.has(word) || withValue.has(name)
    return isOwn || takesValue(words[index - 1] ?? '')
  })
}
