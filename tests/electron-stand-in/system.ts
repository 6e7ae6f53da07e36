import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { answers, machine, seen } from './machine.ts'
import { partOf } from './part.ts'

export const safeStorage = partOf<Electron.SafeStorage>()({
  isAsyncEncryptionAvailable: async () => machine.keyring !== null,
  getSelectedStorageBackend: () => machine.backend,
  encryptStringAsync: async (text) => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keyringKey(), nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  },
  decryptStringAsync: async (sealed) => {
    const decipher = createDecipheriv('aes-256-gcm', keyringKey(), sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(12, 28))
    const result = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
    return { result, shouldReEncrypt: false }
  },
})

function keyringKey(): Buffer {
  if (machine.keyring === null) throw new Error('Encryption is not available')
  return createHash('sha256').update(machine.keyring).digest()
}

export const dialog = {
  showErrorBox: (title: string, content: string) => void seen.errorBoxes.push({ title, content }),
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
