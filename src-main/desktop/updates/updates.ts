import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { UpdateStatus } from '../../../src-preload/contract.ts'
import { sentenceOf } from '../../lib/failure.ts'
import type { Updates } from '../../ipc/host-platform.ts'
import { Listeners } from '../../lib/listeners.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Settings } from '../../storage/settings/settings.ts'
import { answerUpdateProxy, setUpdateProxy } from './update-proxy.ts'

/** Milliseconds after the start, which has other things to load first, and between one look and the next. */
const firstCheckDelayMs = 60_000
const fullCheckIntervalMs = 24 * 60 * 60_000

/** A look of its own accord would take away what is there. */
const busy: ReadonlySet<UpdateStatus['state']> = new Set(['checking', 'downloading', 'ready'])

const off: UpdateStatus = { state: 'off', version: null, percent: null, reason: null }

/**
 * Updates come only to a packaged program whose build names a feed (electron-builder then puts app-update.yml
 * beside the asar) and only when they are signed, which electron-updater checks on Windows and macOS. Without a
 * feed this is off, and electron-updater is not even loaded. They are looked for when the operator asks, and by
 * themselves while `updates.automatic` is set; then they are put in place when the program ends, too.
 */
export function updatesFor(
  app: App,
  settings: Settings,
  log: Logger,
  /** Finishes what is in flight, then does that, which ends the program. */
  finishThen: (end: () => void) => void,
  platform: NodeJS.Platform = process.platform,
): Updates & {
  /**
   * For a restart: where a new version is to be put in place at the end, that starts it, and the answer is yes. Who
   * starts the program besides has it ended by the installer.
   */
  restart(): boolean
} {
  const onChange = new Listeners<UpdateStatus>()
  // electron-updater checks no signature of an AppImage or a deb: updates are not there until they are signed.
  const isSigned = platform !== 'linux'
  const hasFeed = isSigned && app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'))
  let status: UpdateStatus = hasFeed ? { ...off, state: 'none' } : off
  let updater: Promise<AppUpdater> | null = null

  let dueLook: NodeJS.Timeout | null = null
  if (hasFeed) {
    if (isAutomatic()) lookIn(firstCheckDelayMs)
    settings.onChange.add((name) => {
      if (name === 'updates.automatic') void followSetting()
    })
  }

  return { status: () => status, check, install, restart, onChange }

  function isAutomatic(): boolean {
    return settings.get('updates.automatic')
  }

  async function followSetting(): Promise<void> {
    if (dueLook !== null) clearTimeout(dueLook)
    if (isAutomatic()) lookIn(0)
    const loaded = await updater?.catch(() => null)
    if (loaded) loaded.autoInstallOnAppQuit = isAutomatic()
  }

  function lookIn(milliseconds: number): void {
    dueLook = setTimeout(() => {
      lookIn(fullCheckIntervalMs)
      if (!busy.has(status.state)) void check()
    }, milliseconds).unref()
  }

  async function check(): Promise<UpdateStatus> {
    if (!hasFeed) return status
    become({ ...off, state: 'checking' })
    try {
      updater ??= load()
      const loaded = await updater
      await setUpdateProxy(loaded, settings)
      const found = await loaded.checkForUpdates()
      // Goes on behind the answer; nobody else hears of its failure.
      found?.downloadPromise?.catch(fail)
      // It does not look where it could put nothing in place, and says nothing of that.
      if (found === null) become({ ...off, state: 'none' })
    } catch (error) {
      fail(error)
    }
    return status
  }

  function fail(error: unknown): void {
    log.warn({ reason: sentenceOf(error) }, 'could not check for updates')
    become({ ...off, state: 'failed', reason: sentenceOf(error) })
  }

  /**
   * Only once all is finished: electron-updater starts the installer before it quits the program, and the installer ends
   * within seconds whatever still runs (electron-updater: BaseUpdater; app-builder-lib: allowOnlyOneInstallerInstance.nsh).
   */
  function install(): void {
    if (status.state !== 'ready') return
    void updater?.then((loaded) => finishThen(() => loaded.quitAndInstall(false, true)))
  }

  function restart(): boolean {
    if (status.state !== 'ready' || !isAutomatic()) return false
    install()
    return true
  }

  async function load(): Promise<AppUpdater> {
    const { default: module } = await import('electron-updater')
    const loaded = module.autoUpdater
    loaded.logger = null
    loaded.autoInstallOnAppQuit = isAutomatic()
    answerUpdateProxy(loaded, settings)
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
