import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { Plugin } from 'vite'
import type { Licence } from '../src-preload/contract.ts'

/**
 * Writes down, while a bundle is made, which packages are in it: name, version, licence and its text. The bundles
 * of a build add to the same file, beside their folders; `first` begins it anew, with what ships without being
 * bundled.
 */
export function licencesOfBundle(options: { root: string; first: boolean }): Plugin {
  return {
    name: 'kurir-licences',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      const modules = Object.values(bundle).flatMap((output) =>
        'moduleIds' in output ? output.moduleIds : [],
      )
      const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== null))
      if (options.first) for (const folder of besides(options.root)) folders.add(folder)
      addTo(join(dir, '..', 'licences.json'), Array.from(folders, licenceOf), options.first)
    },
  }
}

/** sharp and what it needs are not bundled: its native code is loaded from their packages. Electron is the runtime. */
function besides(root: string): string[] {
  const packages = join(root, 'node_modules')
  const native = readdirSync(join(packages, '@img')).filter((name) => name.startsWith('sharp-'))
  const names = ['electron', 'sharp', 'detect-libc', 'semver', '@img/colour']
  return [...names, ...native.map((name) => `@img/${name}`)].map((name) => join(packages, name))
}

/** The folder of the package that a module is in; null for the program's own, and for virtual ones. */
function packageFolder(module: string): string | null {
  const path = module.replace(/^\0+/, '').split('?', 1)[0] ?? ''
  const start = path.lastIndexOf(`node_modules${sep}`)
  if (start === -1 || !existsSync(path)) return null
  const inside = path.slice(start).split(sep)
  const depth = inside[1]?.startsWith('@') === true ? 3 : 2
  return path.slice(0, start) + inside.slice(0, depth).join(sep)
}

function licenceOf(folder: string): Licence {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license?: string | { type: string }
    /** The form that npm had before SPDX. */
    licenses?: { type: string }[]
  }
  const { name, version, license = manifest.licenses?.[0] } = manifest
  const licence = typeof license === 'string' ? license : (license?.type ?? 'see text')
  return { name, version, licence, text: textIn(folder) ?? `Licence: ${licence}` }
}

function textIn(folder: string): string | null {
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(name))
  return file === undefined ? null : readFileSync(join(folder, file), 'utf8').trim()
}

function addTo(file: string, licences: readonly Licence[], first: boolean): void {
  const before = first || !existsSync(file) ? [] : (JSON.parse(readFileSync(file, 'utf8')) as Licence[])
  const all = new Map([...before, ...licences].map((one) => [`${one.name}@${one.version}`, one]))
  const sorted = Array.from(all.values()).sort((one, other) => one.name.localeCompare(other.name))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(sorted))
}
