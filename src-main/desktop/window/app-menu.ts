import { Menu, type MenuItemConstructorOptions } from 'electron'

/**
 * macOS takes copy, paste and closing from the menu, so it keeps those of the system's own roles; elsewhere the window
 * has no menu, and nothing that reloads or inspects is a key press away.
 */
export function setAppMenu(platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'darwin') return Menu.setApplicationMenu(null)
  const menus: MenuItemConstructorOptions[] = [
    { role: 'appMenu' },
    // Close window, Command-W: the window menu of macOS has none.
    { role: 'fileMenu' },
    { role: 'editMenu' },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(menus))
}
