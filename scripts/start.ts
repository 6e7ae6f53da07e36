/**
 * `npm start`: builds what is stale, then opens the desktop application; headless where that was asked for, or
 * where no Electron runtime or no display can be had, which it says in one line.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isStale } from './staleness.ts'

const root = join(import.meta.dirname, '..')
const options = process.argv.slice(2)

if (isStale()) {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts'), '--when-stale'], {
    // The program's own output is what a reader of stdout waits for.
    stdio: ['ignore', 2, 2],
  })
  if (built.status !== 0) process.exit(built.status ?? 1)
}

const obstacle = options.includes('--headless') ? '' : obstacleToDesktop()
if (obstacle === null) startDesktop()
else await startHeadless(obstacle)

function startDesktop(): void {
  const electron = spawn(electronBinary(), [root, ...options], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => electron.kill(signal))
  electron.on('exit', (code) => process.exit(code ?? 1))
}

/** In this very process, so that its pid is the program's and signals reach it directly. */
async function startHeadless(because: string): Promise<void> {
  if (because !== '') console.log(`${because}: starting headless.`)
  const headless = join(root, 'out', 'main', 'headless.js')
  process.argv = [process.execPath, headless, ...options]
  await import(pathToFileURL(headless).href)
}

/** Why the desktop cannot be opened here, as the beginning of a sentence; null where it can. */
function obstacleToDesktop(): string | null {
  const needsDisplay = process.platform === 'linux'
  if (needsDisplay && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'There is no display on this machine'
  }
  if (!existsSync(electronBinary())) downloadElectron()
  return existsSync(electronBinary()) ? null : 'There is no Electron runtime on this machine'
}

function electronBinary(): string {
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
