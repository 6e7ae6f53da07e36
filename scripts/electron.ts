import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { obstacleToSandbox } from './linux-sandbox.ts'

const root = join(import.meta.dirname, '..')

/** Why the desktop cannot be opened here, as the beginning of a sentence; null where it can. */
export function obstacleToDesktop(): string | null {
  const needsDisplay = process.platform === 'linux'
  if (needsDisplay && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'There is no display on this machine'
  }
  if (!existsSync(electronBinary())) downloadElectron()
  if (!existsSync(electronBinary())) return 'There is no Electron runtime on this machine'
  return process.platform === 'linux' ? obstacleToSandbox(electronBinary()) : null
}

/** Where the electron package keeps its executable, whether or not it is there yet. */
export function electronBinary(): string {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron'
  return join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name)
}

/** The electron package comes without its binary and fetches it when first used; that may not be possible. */
function downloadElectron(): void {
  console.log('Fetching the Electron runtime, once …')
  const installer = join(root, 'node_modules', 'electron', 'install.js')
  spawnSync(process.execPath, [installer], { stdio: 'ignore', timeout: 300_000 })
}
