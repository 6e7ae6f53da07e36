/**
 * `npm start`: builds what is stale, then opens the desktop application; headless where that was asked for, or
 * where no Electron runtime or no display can be had, which it says in one line.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  process.argv = [process.argv[0]!, join(root, 'out', 'main', 'headless.js'), ...options]
  await import(join(root, 'out', 'main', 'headless.js'))
}

/** Why the desktop cannot be opened here, as the beginning of a sentence; null where it can. */
function obstacleToDesktop(): string | null {
  if (!existsSync(electronBinary())) return 'There is no Electron runtime on this machine'
  const needsDisplay = process.platform === 'linux'
  if (needsDisplay && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'There is no display on this machine'
  }
  return null
}

function electronBinary(): string {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron'
  return join(folder, 'dist', name)
}
