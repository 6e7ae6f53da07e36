/**
 * `npm start`: builds what is stale, then opens the desktop application; headless where that was asked for, or
 * where no Electron runtime or no display can be had, which it says in one line.
 */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { electronBinary, obstacleToDesktop } from './electron.ts'
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
