/**
 * Makes the unpacked application of this platform in dist/, with its fuses set.
 *
 *   node scripts/package-dir.ts [--electron-dist DIR] [--output DIR]
 *
 * --electron-dist: a folder with an unpacked Electron, where none can be downloaded.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({
  options: { 'electron-dist': { type: 'string' }, output: { type: 'string' } },
})

run('scripts/build.ts', '--when-stale')
run('node_modules/electron-builder/cli.js', '--dir', '--publish', 'never', ...overrides())

function overrides(): string[] {
  const electron = values['electron-dist']
  if (electron !== undefined && !existsSync(electron)) {
    console.error(`There is no folder ${electron}.`)
    process.exit(1)
  }
  return [
    ...(electron === undefined ? [] : [`--config.electronDist=${resolve(electron)}`]),
    ...(values.output === undefined ? [] : [`--config.directories.output=${resolve(values.output)}`]),
  ]
}

function run(script: string, ...words: string[]): void {
  const finished = spawnSync(process.execPath, [join(root, script), ...words], {
    cwd: root,
    stdio: 'inherit',
  })
  if (finished.status !== 0) process.exit(finished.status ?? 1)
}
