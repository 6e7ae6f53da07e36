import type { Notice } from '../../../src-preload/contract.ts'
import { othersWithAccess } from '../../storage/data-folder/data-folder.ts'
import type { CommandLine } from './command-line.ts'
import type { Ready } from './ready-file.ts'

/** A recipient that always answers; part of the outside interface. */
const practiceRecipient = '6285500000500'

/**
 * Whoever read what is printed may be gone: a script that has seen enough, a pipe that was closed. That ends the printing
 * and not the program, of which an error that nobody hears would be the end.
 */
export function ignoreBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** What a person at the terminal is told; the program itself writes to its log. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Said before all else, each time: somebody has to know that what was there is not in use any more. */
export function printNotices(notices: readonly Notice[]): void {
  for (const { name, detail } of notices) {
    const what = quarantine[name]
    if (what === undefined) continue
    printLine(`Warning: ${what} damaged, set aside as ${detail ?? ''} and begun anew.`)
  }
}

/** Files in it are for their owner alone, but others could put their own in place of them, or read their names. */
export function printOpenFolder(folder: string): void {
  const others = othersWithAccess(folder)
  if (others === null) return
  const who = others === 'group' ? 'the users of its group' : 'every user of this PC'
  printLine(`Warning: the data folder is open to ${who}. Close it: chmod 700 '${folder}'`)
}

const quarantine: Partial<Record<Notice['name'], string>> = {
  database_set_aside: 'the database was',
  settings_set_aside: 'the settings were',
}

/**
 * Secrets are printed to a person at a terminal only: elsewhere it is a log or a journal, which others may read. There the
 * ready file has them. A key that was asked for without one is printed: it could be had nowhere else.
 */
export function printReady(
  ready: Ready,
  { newKey, sandbox, readyFile }: CommandLine,
  isTerminal = process.stdout.isTTY,
): void {
  const whereSecretsAre = readyFile === null ? 'start with --ready-file FILE to get it' : `in ${readyFile}`
  const lines = ['Kurir is ready.', '', `  API      ${ready.api}`, `  Guide    ${ready.api}/docs`]
  if (ready.window !== null && isTerminal) lines.push(`  Window   ${ready.window}`)
  if (ready.window !== null && !isTerminal) {
    lines.push(`  Window   ${new URL(ready.window).origin}/   (with its token: ${whereSecretsAre})`)
  }
  if (newKey !== null && (isTerminal || readyFile === null)) {
    lines.push(`  Key      ${ready.apiKey}   (${newKey}; shown this once)`)
  } else if (newKey !== null) lines.push(`  Key      ${whereSecretsAre}   (${newKey})`)
  if (sandbox && ready.sandbox !== undefined) {
    const key = isTerminal ? (ready.apiKey ?? '') : 'KEY'
    lines.push(...sandboxLines(ready, ready.sandbox, key))
    if (!isTerminal) lines.push('', `KEY: ${whereSecretsAre}.`)
  }
  lines.push('', 'Ctrl-C stops it.')
  printLine(lines.join('\n'))
}

function sandboxLines(ready: Ready, sandbox: NonNullable<Ready['sandbox']>, key: string): string[] {
  const call = new URL('/send-message', ready.api)
  call.search = new URLSearchParams({
    api_key: key,
    sender: sandbox.sender,
    number: practiceRecipient,
    message: 'Hello from Kurir',
  }).toString()
  return [
    `  Inbox    ${sandbox.control}/inbox?number=${practiceRecipient}`,
    '',
    'The practice WhatsApp runs and its device is paired: no real phone is involved. Send a message:',
    '',
    `  curl '${call.href}'`,
  ]
}
