import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')

/** What the specs run on: Electron where its binary is found, else the stand-in. */
export type Runtime = { name: 'Electron'; binary: string } | { name: 'the stand-in'; binary: null }

export function runtimeHere(): Runtime {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron'
  const binary = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name)
  const hasDisplay =
    process.platform !== 'linux' || !!(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
  const wanted = process.env['KURIR_DESKTOP_TESTS'] !== 'stand-in'
  return wanted && hasDisplay && existsSync(binary)
    ? { name: 'Electron', binary }
    : { name: 'the stand-in', binary: null }
}
