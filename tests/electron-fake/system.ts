import { EventEmitter } from 'node:events'
import { app } from './app.ts'
import { answers, seen } from './machine.ts'
import { partOf } from './part.ts'

export const dialog = {
  /** On Linux, before Electron is ready, it only writes to stderr (dialog.showErrorBox). */
  showErrorBox: (title: string, content: string) => {
    if (process.platform !== 'linux' || app.isReady()) {
      seen.errorBoxes.push({ title, content })
    } else {
      seen.stderr.push(`${title}\n${content}`)
      process.stderr.write(`${title}\n${content}\n`)
    }
  },
  showMessageBox: async (options: Electron.MessageBoxOptions) => {
    seen.messageBoxes.push({ message: options.message, buttons: options.buttons ?? [] })
    return { response: answers.messageBox ?? options.cancelId ?? 0, checkboxChecked: false }
  },
  /** With or without a window in front. */
  showSaveDialog: async () => ({ canceled: answers.saveDialog === null, filePath: answers.saveDialog ?? '' }),
}

export const shell = partOf<Electron.Shell>()({
  openExternal: async (address) => void seen.openedExternally.push(address),
  openPath: async (path) => {
    seen.openedPaths.push(path)
    return ''
  },
})

export const powerMonitor = new EventEmitter()

const blockers = new Map<number, string>()
export const powerSaveBlocker = partOf<Electron.PowerSaveBlocker>()({
  start: (kind) => {
    const id = blockers.size + 1
    blockers.set(id, kind)
    seen.blockers = Array.from(blockers.values())
    return id
  },
  stop: (id) => {
    const was = blockers.delete(id)
    seen.blockers = Array.from(blockers.values())
    return was
  },
  isStarted: (id) => blockers.has(id),
})
