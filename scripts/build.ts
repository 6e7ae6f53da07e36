/**
 * Builds what ships into out/: main, preload and window.
 *
 *   node scripts/build.ts [--when-stale]     with the flag, does nothing where out/ is of these very sources
 *
 * Several starts at once (a test run, an impatient operator) build once: the others wait for the first.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fingerprintOfSources, isStale, stampFile } from './staleness.ts'

const root = join(import.meta.dirname, '..')
const whenStale = process.argv.includes('--when-stale')

if (!whenStale || isStale()) process.exitCode = withBuildLock(build)

function build(): number {
  const fingerprint = fingerprintOfSources()
  if (whenStale && !isStale(fingerprint)) return 0
  console.log('building …')
  rmSync(stampFile, { force: true })
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const finished = spawnSync(process.execPath, [electronVite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (finished.status !== 0) return finished.status ?? 1
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, fingerprint)
  return 0
}

/** A lock that dies with its holder, as the data folder's does: an exclusive transaction on a file of its own. */
function withBuildLock(work: () => number): number {
  const folder = join(root, 'node_modules', '.cache')
  mkdirSync(folder, { recursive: true })
  const lock = new DatabaseSync(join(folder, 'kurir-build.lock'), { timeout: 300_000 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return work()
  } finally {
    lock.close()
  }
}
