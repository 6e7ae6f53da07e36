import { spawn } from 'node:child_process'
import type { App } from 'electron'
import { outsideAppImage } from '../system/outside-app-image.ts'
import { hiddenFlag, restartedFlag, takesValue } from './start-options.ts'

/** The words of the next start: this one's, in the tray, with the time of the restart. */
export function restartArguments(now: number, words: readonly string[] = process.argv.slice(1)): string[] {
  const kept = words.filter((word) => word !== hiddenFlag && !word.startsWith(restartedFlag))
  return [...withUrlsJoined(kept), hiddenFlag, `${restartedFlag}${now}`]
}

/**
 * Starts the program again once this process has ended; the caller ends it.
 *
 * @param words the arguments of the next start
 */
export function relaunch(app: Pick<App, 'relaunch'>, words: readonly string[] = process.argv.slice(1)): void {
  const again = withUrlsJoined(withoutNewKey(words))
  const command = appImageRelaunch(process.env, process.pid, again)
  if (command === null) return app.relaunch({ args: again })
  const { file, args, env } = command
  spawn(file, args, { env, detached: true, stdio: 'ignore' }).unref()
}

/**
 * What starts an AppImage again; null where Electron can do that itself. Electron would start itself from the AppImage's
 * mount, which is gone once the program has ended (electron: shell/browser/relauncher.cc). So a shell of the system
 * waits for that end and starts the AppImage's own file.
 */
export function appImageRelaunch(
  environment: Record<string, string | undefined>,
  pid: number,
  words: readonly string[],
): { file: string; args: string[]; env: Record<string, string | undefined> } | null {
  const appImage = environment['APPIMAGE'] ?? ''
  if (appImage === '') return null
  const script = 'while kill -0 "$0" 2>/dev/null; do sleep 0.2; done; exec "$@"'
  return {
    file: '/bin/sh',
    args: ['-c', script, String(pid), appImage, ...words],
    env: outsideAppImage(environment),
  }
}

/** The key that was to be made is there by now. */
function withoutNewKey(words: readonly string[]): string[] {
  const option = '--new-key'
  return words.filter(
    (word, index) => word !== option && words[index - 1] !== option && !word.startsWith(`${option}=`),
  )
}

/**
 * `--setting a=https://…` as one word. On Windows, Electron ends at once where any word follows one that looks like a
 * URL (electron: shell/app/command_line_args.cc); one that begins with a hyphen never does.
 */
function withUrlsJoined(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const next = words[index + 1]
    if (takesValue(word) && next !== undefined && looksLikeUrl(next)) return [`${word}=${next}`]
    return takesValue(words[index - 1] ?? '') && looksLikeUrl(word) ? [] : [word]
  })
}

/** As Electron does: a scheme of more than one letter, so not a drive. */
function looksLikeUrl(word: string): boolean {
  return /^[a-z][^:\s]+:/i.test(word)
}
