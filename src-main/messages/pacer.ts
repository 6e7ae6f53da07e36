import type { Device } from '../devices/device.ts'
import type { Settings } from '../storage/settings.ts'
import type { Ceiling } from './pace.ts'
import { ceilingFor, newContactsAllowed, restAfter } from './pace.ts'
import { SendHistory } from './send-history.ts'

/** Fills a history with what the database knows of the last 24 hours. */
export type Recall = (deviceId: string, since: number, history: SendHistory) => void

/** Keeps each device's pace: `normal` for whatsapp devices and `off` for the others, unless set. */
export class Pacer {
  readonly #settings: Pick<Settings, 'get'>
  readonly #recall: Recall
  readonly #histories = new Map<string, SendHistory>()

  constructor(settings: Pick<Settings, 'get'>, recall: Recall) {
    this.#settings = settings
    this.#recall = recall
  }

  isOn(device: Device): boolean {
    return (this.#settings.get('pace') ?? (device.kind === 'whatsapp' ? 'normal' : 'off')) === 'normal'
  }

  /** Whether the device may send one more now. */
  ceiling(device: Device, newContact: boolean, now: number): Ceiling {
    const newContacts = this.#settings.get('pace.newContactsPerDay')
    const warmUp = this.#settings.get('pace.warmUp') ? device.pairedAt : null
    const allowed = newContactsAllowed(newContacts, warmUp, now)
    const ceilings = {
      perHour: this.#settings.get('pace.perHour'),
      perDay: this.#settings.get('pace.perDay'),
      newContactsPerDay: allowed.perDay,
    }
    const sent = this.#history(device.id, now).sent(now, ceilings)
    return ceilingFor({ ...sent, newFreeAt: Math.min(sent.newFreeAt, allowed.until) }, ceilings, newContact)
  }

  /** Counts a message that was accepted; `count` -1 takes back one that will not leave. */
  count(deviceId: string, newContact: boolean, at: number, count: 1 | -1 = 1): void {
    this.#history(deviceId, at).add(at, newContact, count)
  }

  /** To be called as a message leaves; answers how long to rest after it, in milliseconds. */
  leave(deviceId: string, newContact: boolean, now: number): number {
    return restAfter(this.#history(deviceId, now).leave(now, newContact), newContact, Math.random())
  }

  #history(deviceId: string, now: number): SendHistory {
    const kept = this.#histories.get(deviceId)
    if (kept !== undefined) return kept
    const history = new SendHistory()
    this.#recall(deviceId, now - 24 * 3_600_000, history)
    this.#histories.set(deviceId, history)
    return history
  }
}
