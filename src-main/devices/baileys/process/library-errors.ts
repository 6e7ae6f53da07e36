import { AsyncLocalStorage } from 'node:async_hooks'

/** What hears of an error inside the libraries that one connection's work ended in. */
type OnError = (error: Error) => void

const current = new AsyncLocalStorage<OnError>()

/** Runs what makes a connection: all that follows from its socket and timers belongs to it. */
export function asConnection<Made>(onError: OnError, work: () => Made): Made {
  return current.run(onError, work)
}

/**
 * Takes an error that nothing caught as the trouble of one device, if it was raised inside Baileys or what it builds
 * on: the innermost line of its stack that is not Node's own decides. What our own code raises stays a defect.
 *
 * To be called in the process's handlers of such errors, where Node keeps the async context of what failed.
 *
 * @returns false where it is none
 */
export function takeLibraryError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const onError = current.getStore()
  const origin = originOf(error)
  // WebSockets serve our own window and sandbox, too.
  if (origin !== 'whatsapp' && !(origin === 'websocket' && onError !== undefined)) return false
  onError?.(error)
  return true
}

/** Where an error was raised. */
function originOf({ stack }: Error): 'whatsapp' | 'websocket' | 'other' {
  const lines = stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  const innermost = lines.find((line) => !/\(?node:|<anonymous>\)?$|native/.test(line))
  if (innermost === undefined) return 'other'
  if (whatsapp.test(innermost)) return 'whatsapp'
  return /[/\\]node_modules[/\\]ws[/\\]/.test(innermost) || /[/\\]websocket-[\w-]+\.js/.test(innermost)
    ? 'websocket'
    : 'other'
}

/** As packages, and as the bundle's chunk that holds them (electron.vite.config.ts). */
const whatsapp =
  /[/\\]node_modules[/\\](@whiskeysockets[/\\]baileys|libsignal|protobufjs|@protobufjs)[/\\]|[/\\]whatsapp-protocol-[\w-]+\.js/

/**
 * The innermost lines of an error's stack, without its message, which may quote what was received: for the log.
 */
export function whereOf(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const lines = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  return lines.slice(0, 4).map((line) => line.trim().replace(/\(?(file:\/\/)?[^\s()]*[/\\]([^/\\]+)$/, '($2'))
}
