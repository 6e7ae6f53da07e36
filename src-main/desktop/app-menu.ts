import { Menu } from 'electron'

/**
 * macOS takes copy and paste from the menu, so it keeps those of the system's own roles; elsewhere the window
 * has no menu, and nothing that reloads or inspects is a key press away.
 */
export function setAppMenu(platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'darwin') return Menu.setApplicationMenu(null)
  const roles = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const
  Menu.setApplicationMenu(Menu.buildFromTemplate([...roles]))
}
