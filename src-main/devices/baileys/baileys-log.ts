import type { ILogger } from '@whiskeysockets/baileys/lib/Utils/logger.js'
import type { Logger } from '../../logger.ts'

/**
 * What Baileys may tell the log: its sentences, without the objects that come along (handshakes, nodes,
 * credentials) and without anything in them that looks like a number or a key. Below `warn` it says nothing.
 */
export function baileysLog(log: Logger): ILogger {
  const silent = (): void => {}
  const say = (first: unknown, second?: string): void => {
    const sentence = typeof first === 'string' ? first : second
    if (sentence !== undefined) log.debug({ from: 'baileys' }, withoutPersonal(sentence))
  }
  const logger: ILogger = {
    level: 'warn',
    child: () => logger,
    trace: silent,
    debug: silent,
    info: silent,
    warn: say,
    error: say,
  }
  return logger
}

/** Digits, addresses and runs that could be key material go. */
export function withoutPersonal(sentence: string): string {
  return sentence
    .replace(/\S*@\S+/g, '…')
    .replace(/[A-Za-z0-9+/=_-]{24,}/g, '…')
    .replace(/\d{5,}/g, '…')
    .slice(0, 200)
}
