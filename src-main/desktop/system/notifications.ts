import { Notification } from 'electron'
import type { Page } from '../../../src-preload/contract.ts'
import type { Application } from '../../app/app.ts'
import type { Device } from '../../devices/device.ts'
import type { LocalApiStatus } from '../../app/local-api.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { StorageHealth } from '../../storage/database/database.ts'
import { deviceRule, dropTimeoutMs, placeOf, shownName, type NoteKind } from './notification-rules.ts'
import type { Texts } from '../i18n/texts.ts'

/** The system's notifications: which, by notification-rules.ts; here only when, and how. */
export class Notifications {
  readonly #options: {
    texts: () => Texts
    /** The setting `desktop.notifications`. */
    wanted: () => boolean
    open: (page: Page, id: string | null) => void
    log: Logger
  }
  readonly #known = new Map<string, Device>()
  readonly #waiting = new Map<string, NodeJS.Timeout>()
  /** Kept while they may be clicked; a collected Notification forgets its listeners. */
  readonly #shown = new Set<Notification>()
  #api: LocalApiStatus['state'] | null = null
  #storage: StorageHealth = 'ok'

  constructor(options: {
    texts: () => Texts
    wanted: () => boolean
    open: (page: Page, id: string | null) => void
    log: Logger
  }) {
    this.#options = options
  }

  deviceChanged(device: Device): void {
    const rule = deviceRule(this.#known.get(device.id), device)
    this.#known.set(device.id, device)
    if (rule.do === 'nothing') return
    this.#forget(device.id)
    if (rule.do === 'wait') this.#waitFor(device.id)
    if (rule.do === 'tell') this.#notifyOf(device, rule.note)
  }

  deviceRemoved(id: string): void {
    this.#forget(id)
    this.#known.delete(id)
  }

  apiChanged(status: LocalApiStatus): void {
    const failedNow = status.state === 'failed' && this.#api !== 'failed'
    this.#api = status.state
    if (failedNow) this.notify('portUnavailable')
  }

  storageChanged(storage: StorageHealth): void {
    const fullNow = storage === 'full' && this.#storage !== 'full'
    this.#storage = storage
    if (fullNow) this.notify('diskFull')
  }

  notify(note: Exclude<NoteKind, 'dropped' | 'loggedOut' | 'needsPairing' | 'stopped' | 'timeLocked'>): void {
    this.#show(note, '', null)
  }

  stop(): void {
    for (const id of Array.from(this.#waiting.keys())) this.#forget(id)
  }

  #waitFor(id: string): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(id)
      const device = this.#known.get(id)
      if (device !== undefined) this.#notifyOf(device, 'dropped')
    }, dropTimeoutMs)
    this.#waiting.set(id, timer.unref())
  }

  #forget(id: string): void {
    clearTimeout(this.#waiting.get(id))
    this.#waiting.delete(id)
  }

  #notifyOf(device: Device, note: NoteKind): void {
    this.#show(note, shownName(device.name, this.#options.texts().notifications.someDevice), device.id)
  }

  #show(note: NoteKind, device: string, id: string | null): void {
    if (!this.#options.wanted() || !Notification.isSupported()) return
    const { title, body } = this.#options.texts().notifications[note]
    const notification = new Notification({ title: title(device), body })
    const gone = (): void => void this.#shown.delete(notification)
    notification.on('click', () => {
      gone()
      this.#options.open(placeOf(note), id)
    })
    notification.on('close', gone)
    // macOS shows those of signed programs only, Windows those of installed ones.
    notification.on('failed', (_event, reason) => {
      gone()
      this.#options.log.warn({ note, reason }, 'the system did not show a notification')
    })
    this.#shown.add(notification)
    notification.show()
  }
}

/** Has the operator hear of what the rules name, from now on and of what is the case already. */
export function watchForNotifications(
  { devices, api, database, settings, log }: Application,
  texts: () => Texts,
  open: (page: Page, id: string | null) => void,
): Notifications {
  const wanted = (): boolean => settings.get('desktop.notifications')
  const notifications = new Notifications({ texts, wanted, open, log })
  devices.onChange.add((device) => notifications.deviceChanged(device))
  devices.onRemoved.add((id) => notifications.deviceRemoved(id))
  api.onChange.add((status) => notifications.apiChanged(status))
  database.onHealth.add((health) => notifications.storageChanged(health))
  for (const device of devices.list()) notifications.deviceChanged(device)
  notifications.apiChanged(api.status)
  notifications.storageChanged(database.health)
  if (database.quarantine !== null) notifications.notify('databaseSetAside')
  if (settings.quarantine !== null) notifications.notify('settingsSetAside')
  return notifications
}
