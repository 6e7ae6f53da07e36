import type { ILogger } from '@whiskeysockets/baileys/lib/Utils/logger.js'
import type { Logger } from '../../../lib/logging/logger.ts'

/** As Baileys tells its log of a stanza that it sends. */
function sentText(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null || !('xml' in entry) || !('msg' in entry)) return null
  return entry.msg === 'xml send' && typeof entry.xml === 'string' ? entry.xml : null
}

/**
 * What Baileys may tell the log: its sentences, without the objects that come along (handshakes, nodes,
 * credentials) and without anything in them that looks like a number or a key. Below `warn` it says nothing.
 *
 * @param onSent is told every stanza that Baileys sends, as its text (sent-stanzas.ts); left out where nobody traces
 */
export function baileysLog(log: Logger, onSent?: (text: string) => void): ILogger {
  const silent = (): void => {}
  const write = (first: unknown, second?: string): void => {
    const sentence = typeof first === 'string' ? first : second
    if (sentence !== undefined) log.debug({ from: 'baileys' }, withoutPersonal(sentence))
  }
  const logger: ILogger = {
    level: onSent === undefined ? 'warn' : 'trace',
    child: () => logger,
    trace: (entry: unknown) => {
      const text = sentText(entry)
      if (text !== null) onSent?.(text)
    },
    debug: silent,
    info: silent,
    warn: write,
    error: write,
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
