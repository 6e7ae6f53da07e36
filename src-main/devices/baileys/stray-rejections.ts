import type { Logger } from '../../logger.ts'
import { isOfAFrame } from './frame-gate.ts'
import { KeysUnavailable } from '../session-keys/keys-unavailable.ts'

let catching = false

/**
 * Baileys answers stanzas in functions that nobody waits for. Where the line goes at that moment, or the keys
 * cannot be saved, their promise is rejected with nobody to hear it, which would end the program. Those are
 * logged; any other rejection that nobody hears stays the defect that it is.
 */
export function catchStrayRejections(log: Logger): void {
  if (catching) return
  catching = true
  process.on('unhandledRejection', (reason) => {
    if (!isOfALine(reason)) throw reason
    log.debug('something of Baileys was cut short by the end of its line')
  })
}

/**
 * What Baileys and the WebSocket reject with: Booms, bare close codes, whatever kept a frame from being written, and our
 * own word about the keys.
 */
export function isOfALine(reason: unknown): boolean {
  if (typeof reason === 'number') return reason >= 1000 && reason < 5000
  if (reason instanceof KeysUnavailable) return true
  if (!(reason instanceof Error)) return false
  return isOfAFrame(reason) || ('isBoom' in reason && reason.isBoom === true)
}
