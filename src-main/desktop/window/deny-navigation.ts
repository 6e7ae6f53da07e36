import type { App } from 'electron'
import { windowAddress } from './app-scheme.ts'

/** Keeps every page where it is: no other address, no frame, no further window, no webview. */
export function denyNavigation(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isTheWindow(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isTheWindow(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Loading itself again is all that a page may do. */
function isTheWindow(url: string): boolean {
  return url.split('#', 1)[0] === windowAddress
}
