import type { Logger } from '../../../lib/logging/logger.ts'

const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const
type Method = (typeof methods)[number]

let release: (() => void) | null = null

/**
 * Keeps what libraries print from the console, for the rest of the program's life. libsignal prints whole
 * sessions, private keys included, whatever any log level says (session_record.js, "Closing session:").
 *
 * What is let through is what one of our own TypeScript sources prints; a library's caller is never that,
 * and in a bundle nothing is. The log hears that something was printed, never what.
 *
 * @returns takes the capture away again: for tests
 */
export function silenceConsole(log: Logger): () => void {
  if (release !== null) return release
  const originals = new Map<Method, (...values: unknown[]) => void>()
  for (const method of methods) {
    const original = console[method] as (...values: unknown[]) => void
    originals.set(method, original)
    console[method] = (...values: unknown[]): void => {
      if (printedByUs()) original.apply(console, values)
      else log.trace({ method }, 'a library printed something')
    }
  }
  release = () => {
    for (const [method, original] of originals) console[method] = original
    release = null
  }
  return release
}

/** Whether the line that called the console is in a TypeScript source of ours. */
function printedByUs(): boolean {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 3
  const stack = new Error('who prints?').stack ?? ''
  Error.stackTraceLimit = limit
  const caller = stack.split('\n')[3] ?? ''
  return /\.tsx?:\d/.test(caller) && !caller.includes('node_modules')
}
