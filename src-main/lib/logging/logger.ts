import type { Logger as PinoLogger } from 'pino'

/**
 * The program's log, kept in the data folder. Nothing personal is ever passed to it: no key, number,
 * message text, QR or session key; devices and messages are named by their ids.
 */
export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(bindings: Record<string, string>): Logger
}
