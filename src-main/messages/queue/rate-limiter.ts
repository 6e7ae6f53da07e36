import type { Device } from '../../devices/device.ts'
import type { Settings } from '../../storage/settings/settings.ts'
import type { SendLimit } from './send-limits.ts'
import { sendLimitFor, newContactsAllowed, restAfter } from './send-limits.ts'
import { SendHistory } from './send-history.ts'

/** Fills a history with what the database knows of the last 24 hours, of all keys or of one (null: the window). */
export type LoadSendHistory = (
  deviceId: string,
  since: number,
  history: SendHistory,
  keyId?: string | null,
) => void

/** Whether another key than that one (null: the window) uses the device. */
export type IsShared = (deviceId: string, keyId: string | null) => boolean

/** Of each ceiling, the part that one key may use of a device that others use, too. */
const maxPartOfKey = 0.5
/** How long it is believed who shares a device, in milliseconds: thousands that wait ask in one go. */
const sharedForMs = 1_000

/** Keeps each device's pace: `normal` for whatsapp devices and `off` for the others, unless set. */
export class RateLimiter {
  readonly #settings: Pick<Settings, 'get'>
  readonly #sendHistory: LoadSendHistory
  readonly #isShared: IsShared
  readonly #histories = new Map<string, SendHistory>()
  /** Of keys that share a device, by device and key. */
  readonly #ofKeys = new Map<string, SendHistory>()
  readonly #shared = new Map<string, { until: number; isShared: boolean }>()

  constructor(settings: Pick<Settings, 'get'>, sendHistory: LoadSendHistory, isShared: IsShared) {
    this.#settings = settings
    this.#sendHistory = sendHistory
    this.#isShared = isShared
  }

  isOn(device: Device): boolean {
    return (this.#settings.get('pace') ?? (device.kind === 'whatsapp' ? 'normal' : 'off')) === 'normal'
  }

  /** Whether the device may send one more of that key now. */
  sendLimit(device: Device, newContact: boolean, now: number, keyId: string | null): SendLimit {
    const newContacts = this.#settings.get('pace.newContactsPerDay')
    const warmUp = this.#settings.get('pace.warmUp') ? device.pairedAt : null
    const allowed = newContactsAllowed(newContacts, warmUp, now)
    const ceilings = {
      perHour: this.#settings.get('pace.perHour'),
      perDay: this.#settings.get('pace.perDay'),
      newContactsPerDay: allowed.perDay,
    }
    const sent = this.#history(device.id, now).sent(now, ceilings)
    const until = allowed.until
    const whole = sendLimitFor({ ...sent, newFreeAt: Math.min(sent.newFreeAt, until) }, ceilings, newContact)
    if (whole.reached !== null || !this.#mustShare(device.id, keyId, now)) return whole
    const shares = {
      perHour: Math.ceil(ceilings.perHour * maxPartOfKey),
      perDay: Math.ceil(ceilings.perDay * maxPartOfKey),
      newContactsPerDay: Math.ceil(ceilings.newContactsPerDay * maxPartOfKey),
    }
    const own = this.#historyOfKey(device.id, keyId, now).sent(now, shares)
    const share = sendLimitFor({ ...own, newFreeAt: Math.min(own.newFreeAt, until) }, shares, newContact)
    return share.reached === null ? share : { ...share, isShare: true }
  }

  /** Counts a message that was accepted; `count` -1 takes back one that will not leave. */
  count(
    { deviceId, keyId }: { deviceId: string; keyId: string | null },
    newContact: boolean,
    at: number,
    count: 1 | -1 = 1,
  ): void {
    this.#history(deviceId, at).add(at, newContact, count)
    this.#ofKeys.get(`${deviceId} ${keyId ?? ''}`)?.add(at, newContact, count)
  }

  /** To be called as a message leaves; answers how long to rest after it, in milliseconds. */
  leave(deviceId: string, newContact: boolean, now: number): number {
    return restAfter(this.#history(deviceId, now).leave(now, newContact), newContact, Math.random())
  }

  #mustShare(deviceId: string, keyId: string | null, now: number): boolean {
    const name = `${deviceId} ${keyId ?? ''}`
    const known = this.#shared.get(name)
    if (known !== undefined && now < known.until && now >= known.until - sharedForMs) return known.isShared
    const isShared = this.#isShared(deviceId, keyId)
    this.#shared.set(name, { until: now + sharedForMs, isShared })
    return isShared
  }

  /** Which of its messages went to new contacts is known since the program's start. */
  #historyOfKey(deviceId: string, keyId: string | null, now: number): SendHistory {
    const name = `${deviceId} ${keyId ?? ''}`
    const kept = this.#ofKeys.get(name)
    if (kept !== undefined) return kept
    const history = new SendHistory()
    this.#sendHistory(deviceId, now - 24 * 3_600_000, history, keyId)
    this.#ofKeys.set(name, history)
    return history
  }

  #history(deviceId: string, now: number): SendHistory {
    const kept = this.#histories.get(deviceId)
    if (kept !== undefined) return kept
    const history = new SendHistory()
    this.#sendHistory(deviceId, now - 24 * 3_600_000, history)
    this.#histories.set(deviceId, history)
    return history
  }
}
