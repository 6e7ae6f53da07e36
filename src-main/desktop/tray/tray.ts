import { join } from 'node:path'
import {
  Menu,
  nativeImage,
  nativeTheme,
  Tray,
  type MenuItemConstructorOptions,
  type NativeImage,
} from 'electron'
import { assertNever } from '../../lib/failure.ts'
import type { OverallState, TrayCommand, TrayItem, TrayView } from './tray-state.ts'

/** What a click in the tray does. */
export interface TrayActions {
  open(): void
  openDevice(id: string): void
  command(command: TrayCommand): void
}

/** The icon beside the clock: shows what it is given, and only changes what is another now. */
export class TrayIcon {
  readonly #icons: string
  readonly #actions: TrayActions
  readonly #tray: Tray
  readonly #onTheme = (): void => this.#setImage()
  #shown: TrayView

  /** @param icons the folder of tray pictures, resources/tray */
  constructor(icons: string, view: TrayView, actions: TrayActions) {
    this.#icons = icons
    this.#actions = actions
    this.#shown = view
    this.#tray = new Tray(this.#picture())
    this.#tray.setToolTip(view.tooltip)
    this.#tray.setContextMenu(this.#menu(view.menu))
    // On macOS a click opens the menu besides (electron: tray_icon_cocoa.mm, mouseDown): one click, one thing.
    if (process.platform !== 'darwin') this.#tray.on('click', () => actions.open())
    nativeTheme.on('updated', this.#onTheme)
  }

  show(view: TrayView): void {
    const before = this.#shown
    this.#shown = view
    if (view.state !== before.state) this.#setImage()
    if (view.tooltip !== before.tooltip) this.#tray.setToolTip(view.tooltip)
    // On Linux a menu's entries cannot be changed: it is made anew.
    if (JSON.stringify(view.menu) !== JSON.stringify(before.menu)) {
      this.#tray.setContextMenu(this.#menu(view.menu))
    }
  }

  destroy(): void {
    nativeTheme.off('updated', this.#onTheme)
    this.#tray.destroy()
  }

  #setImage(): void {
    this.#tray.setImage(this.#picture())
  }

  #picture(): NativeImage {
    // Windows has a theme of its own for the bar, whatever Kurir's window looks like.
    const isBarDark = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI
    const name = trayPicture(this.#shown.state, process.platform, isBarDark)
    return nativeImage.createFromPath(join(this.#icons, name))
  }

  #menu(items: readonly TrayItem[]): Menu {
    return Menu.buildFromTemplate(items.map((item) => this.#entry(item)))
  }

  #entry(item: TrayItem): MenuItemConstructorOptions {
    switch (item.kind) {
      case 'line':
        return { type: 'separator' }
      case 'words':
        return { label: item.label, enabled: false }
      case 'device':
        return {
          id: item.id,
          label: withAmpersands(item.label),
          click: () => this.#actions.openDevice(item.id),
        }
      case 'command':
        return {
          id: item.command,
          label: item.label,
          enabled: item.enabled,
          click: () => this.#actions.command(item.command),
        }
      default:
        return assertNever(item)
    }
  }
}

/** A single ampersand in a menu is taken for a shortcut's mark. */
function withAmpersands(label: string): string {
  return label.replaceAll('&', '&&')
}

/**
 * The picture of a state: on macOS a template, which the system colours; on Windows an icon of several sizes, as a
 * picture of one is blurred where the screen is scaled (electron: NativeImage::GetHICON), for a light or a dark bar; on
 * Linux one that can be seen on every bar, whose colour nothing tells: Ubuntu's is black in its light theme too.
 */
export function trayPicture(state: OverallState, platform: NodeJS.Platform, isBarDark: boolean): string {
  if (platform === 'darwin') return `${state}Template.png`
  return platform === 'win32' ? `${state}-${isBarDark ? 'dark' : 'light'}.ico` : `${state}-any.png`
}
