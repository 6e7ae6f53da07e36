import { inspect } from 'node:util'
import type { Logger } from '../../../lib/logging/logger.ts'
import { isOfAFrame } from '../inbound/durable-writes.ts'
import { takeLibraryError, whereOf } from './library-errors.ts'
import { KeysUnavailable } from '../../session-keys/keys-unavailable.ts'

let catching = false

/**
 * Baileys answers stanzas in functions and timers that nobody waits for. Where the line goes at that moment, or the
 * keys cannot be saved, their promise is rejected with nobody to hear it, which would end the program. Those are
 * logged. An error inside Baileys ends its connection (library-errors.ts). Any other error that nobody hears stays
 * the defect that it is.
 */
export function catchBaileysRejections(log: Logger): void {
  if (catching) return
  catching = true
  process.on('unhandledRejection', (reason) => {
    if (isOfConnection(reason)) log.debug('a Baileys operation was cancelled because its connection closed')
    else if (!takenAsDevices(reason, log)) throw reason
  })
  process.on('uncaughtException', (error) => {
    if (takenAsDevices(error, log)) return
    // The desktop sees to it itself (main-crash.ts). Elsewhere the program ends as Node would end it.
    if (process.listenerCount('uncaughtException') > 1) return
    process.stderr.write(`${inspect(error)}\n`)
    process.exit(1)
  })
}

function takenAsDevices(error: unknown, log: Logger): boolean {
  if (!takeLibraryError(error)) return false
  const name = error instanceof Error ? error.name : typeof error
  log.warn({ error: name, where: whereOf(error) }, 'an error inside Baileys closed its connection')
  return true
}

/**
 * What Baileys and the WebSocket reject with: Booms, bare close codes, whatever kept a frame from being written, and our
 * own word about the keys.
 */
export function isOfConnection(reason: unknown): boolean {
  if (typeof reason === 'number') return reason >= 1000 && reason < 5000
  if (reason instanceof KeysUnavailable) return true
  if (!(reason instanceof Error)) return false
  return isOfAFrame(reason) || ('isBoom' in reason && reason.isBoom === true)
}
