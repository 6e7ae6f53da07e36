import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { machine, seen } from './machine.ts'
import type { MenuEntry } from './protocol.ts'
import { partOf } from './part.ts'

interface Picture {
  path: string
  isEmpty: () => boolean
}

export const nativeImage = {
  createFromPath: (path: string): Picture => ({ path, isEmpty: () => !existsSync(path) }),
}

export class FakeMenu {
  static applicationMenu: FakeMenu | null = null
  readonly template: readonly Electron.MenuItemConstructorOptions[]

  constructor(template: readonly Electron.MenuItemConstructorOptions[] = []) {
    this.template = template
  }

  static buildFromTemplate(template: readonly Electron.MenuItemConstructorOptions[]): FakeMenu {
    return new FakeMenu(template)
  }

  static setApplicationMenu(menu: FakeMenu | null): void {
    FakeMenu.applicationMenu = menu
    seen.appMenu =
      menu?.template.map(({ role, label, submenu }) => ({
        role: role ?? null,
        label: label ?? '',
        entries: Array.isArray(submenu) ? new FakeMenu(submenu).entries() : [],
      })) ?? null
  }

  popup(): void {
    seen.popups.push(this.entries())
  }

  entries(): MenuEntry[] {
    return this.template.map(({ id, role, label, enabled, type }) => ({
      id: id ?? null,
      role: role ?? null,
      label: label ?? '',
      enabled: enabled ?? true,
      separator: type === 'separator',
    }))
  }

  choose(id: string): void {
    const item = this.template.find((item) => item.id === id)
    if (item === undefined || item.enabled === false)
      throw new Error(`there is no such entry to choose: ${id}`)
    item.click?.(null as never, undefined, null as never)
  }
}

const trays = new Set<FakeTray>()

export class FakeTray extends EventEmitter {
  menu = new FakeMenu()
  /**
   * Without a StatusNotifierWatcher an icon becomes a GtkStatusIcon, which GNOME does not draw, and stays one; no
   * event tells (https://www.electronjs.org/docs/latest/api/tray, "Platform considerations").
   */
  readonly #isDrawn = process.platform !== 'linux' || machine.trayHost
  #picture: Picture
  #tooltip = ''

  constructor(picture: Picture) {
    super()
    this.#picture = picture
    trays.add(this)
    this.#look()
  }

  setImage(picture: Picture): void {
    this.#picture = picture
    this.#look()
  }

  setToolTip(tooltip: string): void {
    this.#tooltip = tooltip
    this.#look()
  }

  setContextMenu(menu: FakeMenu): void {
    this.menu = menu
    this.#look()
  }

  destroy(): void {
    trays.delete(this)
    seen.tray = null
  }

  #look(): void {
    if (this.#picture.isEmpty()) throw new Error(`there is no picture ${this.#picture.path}`)
    if (!this.#isDrawn) return
    seen.tray = { picture: this.#picture.path, tooltip: this.#tooltip, menu: this.menu.entries() }
  }

  /** macOS opens the menu that was set besides (tray_icon_cocoa.mm, mouseDown). */
  click(): void {
    if (!this.#isDrawn) throw new Error('this desktop draws no tray icon to click')
    this.emit('click')
    if (process.platform === 'darwin' && this.menu.template.length > 0) seen.trayMenusOpened += 1
  }
}

export function tray(): FakeTray {
  const [only] = trays
  if (only === undefined) throw new Error('there is no tray')
  return only
}

export const shownNotifications: FakeNotification[] = []

export class FakeNotification extends EventEmitter {
  readonly #options: Electron.NotificationConstructorOptions

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super()
    this.#options = options
  }

  static isSupported(): boolean {
    return true
  }

  show(): void {
    shownNotifications.push(this)
    // Windows shows no toast of a program whose id is not that of its Start-menu shortcut.
    if (process.platform === 'win32' && machine.isPackaged && seen.appUserModelId !== machine.shortcutId) {
      return void this.emit('failed', {}, 'The notification platform is unavailable.')
    }
    seen.notifications.push({ title: this.#options.title ?? '', body: this.#options.body ?? '' })
  }

  close(): void {
    this.emit('close')
  }
}

export const clipboard = partOf<Electron.Clipboard>()({
  writeText: async (text) => {
    seen.clipboard = text
  },
  readText: async () => seen.clipboard,
})
