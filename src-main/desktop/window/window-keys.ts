import type { Input, WebContents } from 'electron'

/** Levels of Chromium's zoom: each is a fifth larger than the one before. */
const minLevel = -3
const maxLevel = 5

/** The keys that enlarge and reduce the window's page, which a menu would have; there is none but on macOS. */
export function listenForZoom(contents: WebContents): void {
  contents.on('before-input-event', (event, input) => {
    const level = zoomLevelAfter(input, contents.getZoomLevel())
    if (level === null) return
    event.preventDefault()
    contents.setZoomLevel(level)
  })
}

/** Ctrl+Q, for a desktop that shows no tray: there is no other way to end the program. */
export function listenForQuit(contents: WebContents, quit: () => void): void {
  contents.on('before-input-event', (event, { type, key, control, meta, alt }) => {
    if (type !== 'keyDown' || key.toLowerCase() !== 'q' || !control || meta || alt) return
    event.preventDefault()
    quit()
  })
}

/** The level after that key; null where the key does not zoom. */
function zoomLevelAfter({ type, key, control, meta, alt }: Input, level: number): number | null {
  if (type !== 'keyDown' || alt || !(process.platform === 'darwin' ? meta : control)) return null
  // The plus is on the key of = without Shift, on most keyboards.
  if (key === '+' || key === '=') return Math.min(level + 1, maxLevel)
  if (key === '-') return Math.max(level - 1, minLevel)
  return key === '0' ? 0 : null
}
