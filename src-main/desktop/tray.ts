import { join } from 'node:path'
import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions } from 'electron'
import { assertNever } from '../failure.ts'
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
    this.#tray = new Tray(nativeImage.createFromPath(trayPicture(icons, view.state)))
    this.#tray.setToolTip(view.tooltip)
    this.#tray.setContextMenu(this.#menu(view.menu))
    this.#tray.on('click', () => actions.open())
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
    this.#tray.setImage(nativeImage.createFromPath(trayPicture(this.#icons, this.#shown.state)))
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

/** macOS colours a template by itself; elsewhere the bar's own colour decides (Electron finds the @2x beside it). */
function trayPicture(
  folder: string,
  state: OverallState,
  platform: NodeJS.Platform = process.platform,
  dark: boolean = isBarDark(),
): string {
  if (platform === 'darwin') return join(folder, `${state}Template.png`)
  return join(folder, `${state}-${dark ? 'dark' : 'light'}.png`)
}

/** Windows has a theme of its own for the bar; Linux does not tell, so the theme of all has to do. */
function isBarDark(): boolean {
  return process.platform === 'win32'
    ? nativeTheme.shouldUseDarkColorsForSystemIntegratedUI
    : nativeTheme.shouldUseDarkColors
}
