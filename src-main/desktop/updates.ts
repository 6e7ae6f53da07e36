import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { UpdateStatus } from '../../src-preload/contract.ts'
import { sentenceOf } from '../failure.ts'
import type { Updates } from '../ipc/shell.ts'
import { Listeners } from '../listeners.ts'
import type { Logger } from '../logger.ts'

const off: UpdateStatus = { state: 'off', version: null, percent: null, reason: null }

/**
 * Updates come only to a packaged program whose build names a feed (electron-builder then puts app-update.yml
 * beside the asar) and only when they are signed, which electron-updater checks on Windows and macOS. Without a
 * feed this is off, and electron-updater is not even loaded.
 */
export function updatesFor(app: App, log: Logger): Updates {
  const onChange = new Listeners<UpdateStatus>()
  const hasFeed = app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'))
  let status: UpdateStatus = hasFeed ? { ...off, state: 'none' } : off
  let updater: Promise<AppUpdater> | null = null

  return { status: () => status, check, install, onChange }

  async function check(): Promise<UpdateStatus> {
    if (!hasFeed) return status
    become({ ...off, state: 'checking' })
    try {
      updater ??= load()
      await (await updater).checkForUpdates()
    } catch (thrown) {
      log.warn({ reason: sentenceOf(thrown) }, 'looking for an update failed')
      become({ ...off, state: 'failed', reason: sentenceOf(thrown) })
    }
    return status
  }

  function install(): void {
    if (status.state === 'ready') void updater?.then((loaded) => loaded.quitAndInstall(false, true))
  }

  async function load(): Promise<AppUpdater> {
    const { default: module } = await import('electron-updater')
    const loaded = module.autoUpdater
    loaded.logger = null
    loaded.autoInstallOnAppQuit = false
    loaded.on('update-not-available', () => become({ ...off, state: 'none' }))
    loaded.on('update-available', ({ version }) => become({ ...off, state: 'available', version }))
    loaded.on('download-progress', ({ percent }) =>
      become({ ...status, state: 'downloading', percent: Math.round(percent) }),
    )
    loaded.on('update-downloaded', ({ version }) => become({ ...off, state: 'ready', version }))
    return loaded
  }

  function become(next: UpdateStatus): void {
    status = next
    onChange.emit(next)
  }
}
