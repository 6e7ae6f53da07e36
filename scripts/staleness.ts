import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const sources = [
  'src-main',
  'src-preload',
  'src-renderer',
  'resources',
  'scripts',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
]

/** The file that names the sources a build was made from; written last, so that half a build is stale. */
export const stampFile = join(root, 'out', 'built-from')

/** A fingerprint of everything that ships: names, sizes and contents' times, not the contents, to be quick. */
export function fingerprintOfSources(): string {
  const hash = createHash('sha256')
  for (const source of sources) addTo(hash, join(root, source))
  return hash.digest('hex')
}

/** Whether out/ is missing or was built from other sources than there are now. */
export function isStale(fingerprint = fingerprintOfSources()): boolean {
  return !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== fingerprint
}

function addTo(hash: ReturnType<typeof createHash>, path: string): void {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (entry === undefined) return
  if (entry.isDirectory()) {
    for (const name of readdirSync(path).sort()) addTo(hash, join(path, name))
    return
  }
  hash.update(`${path}\0${entry.size}\0${entry.mtimeMs}\n`)
}
