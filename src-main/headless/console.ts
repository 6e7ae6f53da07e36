import type { Notice } from '../../src-preload/contract.ts'
import { othersWithAccess } from '../storage/data-folder.ts'
import type { CommandLine } from './command-line.ts'
import type { Ready } from './ready-file.ts'

/** A recipient that always answers; part of the outside interface. */
const practiceRecipient = '6285500000500'

/**
 * Whoever read what is printed may be gone: a script that has seen enough, a pipe that was closed. That ends the printing
 * and not the program, of which an error that nobody hears would be the end.
 */
export function goOnUnread(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** What a person at the terminal is told; the program itself writes to its log. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Said before all else, each time: somebody has to know that what was there is not in use any more. */
export function printNotices(notices: readonly Notice[]): void {
  for (const { name, detail } of notices) {
    const what = setAside[name]
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

const setAside: Partial<Record<Notice['name'], string>> = {
  database_set_aside: 'the database was',
  settings_set_aside: 'the settings were',
}

export function printReady(ready: Ready, { newKey, sandbox }: CommandLine): void {
  const lines = ['Kurir is ready.', '', `  API      ${ready.api}`, `  Guide    ${ready.api}/docs`]
  if (ready.window !== null) lines.push(`  Window   ${ready.window}`)
  if (newKey !== null) lines.push(`  Key      ${ready.apiKey}   (${newKey}; shown this once)`)
  if (sandbox && ready.sandbox !== undefined) lines.push(...sandboxLines(ready, ready.sandbox))
  lines.push('', 'Ctrl-C stops it.')
  printLine(lines.join('\n'))
}

function sandboxLines(ready: Ready, sandbox: NonNullable<Ready['sandbox']>): string[] {
  const call = new URL('/send-message', ready.api)
  call.search = new URLSearchParams({
    api_key: ready.apiKey ?? '',
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
