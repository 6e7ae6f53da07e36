import type { Logger } from '../../lib/logging/logger.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { DeviceState } from '../device.ts'
import type { DeviceRow, DevicesTable } from '../store/devices-table.ts'
import { isTemporaryBan } from './disconnect-reasons.ts'
import type { DeviceMachineState } from './device-machine.ts'

/** What is kept of one device: its row and its history. A write that fails is logged; the device goes on. */
export class DeviceRecord {
  readonly #table: DevicesTable
  readonly #log: Logger
  readonly #now: () => number
  #row: DeviceRow

  constructor(row: DeviceRow, context: { table: DevicesTable; log: Logger; now: () => number }) {
    this.#row = row
    this.#table = context.table
    this.#log = context.log
    this.#now = context.now
  }

  get row(): DeviceRow {
    return this.#row
  }

  async save(change: Partial<DeviceRow>): Promise<void> {
    this.#row = { ...this.#row, ...change }
    try {
      await this.#table.change(this.#row)
    } catch (error) {
      this.complain(error)
    }
  }

  /** The device has come from one state to another, which was in the one before for `lastedMs`. */
  noteState(before: DeviceState, state: DeviceState, lastedMs: number, code: number | null): void {
    this.#saveState(before, state)
    if (isFurtherTry(before, state)) return
    const reason = 'reason' in state ? state.reason : null
    const event = { at: this.#now(), state: state.name, reason, lastedMs, code }
    this.#table.note(this.#row.id, event).catch((error: unknown) => this.complain(error))
    this.#log.info({ device: this.#row.id, state: state.name, reason, code }, 'device state changed')
  }

  #saveState(before: DeviceState, state: DeviceState): void {
    const now = this.#now()
    const wasConnected = before.name === 'connected' ? { lastConnectedAt: now } : {}
    switch (state.name) {
      case 'connected':
        void this.save({ lastConnectedAt: now, ...notStopped, unpairedReason: null })
        break
      case 'pairing':
        void this.save({ ...notStopped, unpairedReason: null })
        break
      case 'stopped':
        void this.save({ stoppedReason: state.reason, stoppedUntil: null, ...wasConnected })
        break
      case 'unpaired':
        void this.save({ unpairedReason: state.reason, ...notStopped, ...wasConnected })
        break
      case 'waiting':
        if (before.name === 'connected' || isTemporaryBan(state.reason)) {
          void this.save({ ...banOf(state), ...wasConnected })
        }
        break
      case 'connecting':
        if (before.name === 'connected') void this.save(wasConnected)
    }
  }

  complain(error: unknown): void {
    this.#log.warn({ device: this.#row.id, reason: sentenceOf(error) }, 'device error')
  }
}

/** A ban for a time is kept over restarts. */
function banOf({ reason, nextTryAt }: Extract<DeviceState, { name: 'waiting' }>): Partial<DeviceRow> {
  return isTemporaryBan(reason) ? { stoppedReason: reason, stoppedUntil: nextTryAt } : {}
}

const notStopped = { stoppedReason: null, stoppedUntil: null } as const

/** An outage of hours would otherwise fill the history with its every try. */
function isFurtherTry(before: DeviceState, state: DeviceState): boolean {
  const trying = (name: DeviceState['name']): boolean => name === 'waiting' || name === 'connecting'
  return trying(before.name) && trying(state.name) && 'attempt' in state && state.attempt > 2
}

/** Reasons that outlast the program: the others are tried anew at its next start. */
export function bornStopped(
  life: DeviceMachineState,
  { stoppedReason, stoppedUntil }: DeviceRow,
  now: number,
): DeviceMachineState {
  if (!life.paired || stoppedReason === null) return life
  if (stoppedReason === 'banned') return { ...life, state: { name: 'stopped', reason: stoppedReason } }
  if (!isTemporaryBan(stoppedReason) || stoppedUntil === null || stoppedUntil <= now) return life
  return { ...life, state: { name: 'waiting', attempt: 1, reason: stoppedReason, nextTryAt: stoppedUntil } }
}
