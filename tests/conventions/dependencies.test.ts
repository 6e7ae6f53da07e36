import { posix } from 'node:path'
import { expect, it } from 'vitest'
import { readSource, sourceFiles } from './source-files.ts'

/** Which modules of src-main, and which of the other two trees, each may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  lib: ['storage'],
  storage: ['egress', 'lib'],
  egress: ['lib', 'storage'],
  keys: ['devices', 'lib', 'storage'],
  media: ['egress', 'lib', 'storage'],
  devices: ['egress', 'lib', 'media', 'storage'],
  messages: ['devices', 'lib', 'media', 'storage'],
  // Plays WhatsApp: of Kurir itself it knows nothing but what keeps rows and what guards a server.
  sandbox: ['api', 'lib', 'storage'],
  api: ['devices', 'keys', 'lib', 'media', 'messages', 'storage'],
  app: ['api', 'devices', 'egress', 'keys', 'lib', 'media', 'messages', 'sandbox', 'storage'],
  'window-assets': ['lib', 'src-preload'],
  ipc: [
    'api',
    'app',
    'devices',
    'lib',
    'media',
    'messages',
    'sandbox',
    'src-preload',
    'storage',
    'window-assets',
  ],
  headless: ['api', 'app', 'devices', 'ipc', 'keys', 'lib', 'src-preload', 'storage', 'window-assets'],
  desktop: ['app', 'devices', 'egress', 'headless', 'ipc', 'lib', 'src-preload', 'storage', 'window-assets'],
  'src-preload': ['devices', 'lib', 'media', 'messages', 'storage'],
  'src-renderer': ['src-preload'],
}

/** Packages that only some modules may import. */
const restrictedPackages: Readonly<Record<string, readonly string[]>> = {
  electron: ['desktop', 'src-preload'],
  'node:sqlite': ['storage'],
  '@whiskeysockets/baileys': ['devices', 'sandbox'],
  libsignal: ['devices', 'sandbox'],
  koa: ['api'],
  '@koa/router': ['api'],
}

const sources = new Map(
  sourceFiles('src-main', 'src-preload', 'src-renderer').map((file) => [file, readSource(file)]),
)

it('imports only what the table of modules allows', () => {
  const violations = Array.from(sources).flatMap(([file, { typesAndImports }]) =>
    typesAndImports
      .filter((target) => target.startsWith('src-') && moduleOf(target) !== moduleOf(file))
      .filter((target) => mayImport[moduleOf(file)]?.includes(moduleOf(target)) !== true)
      .map((target) => `${file} → ${target}`),
  )
  expect(violations).toEqual([])
})

it('lists no permission that nobody uses', () => {
  const used = new Set(
    Array.from(sources).flatMap(([file, { typesAndImports }]) =>
      typesAndImports.map((target) => `${moduleOf(file)} → ${moduleOf(target)}`),
    ),
  )
  const unused = Object.entries(mayImport).flatMap(([from, targets]) =>
    targets.map((target) => `${from} → ${target}`).filter((edge) => !used.has(edge)),
  )
  expect(unused).toEqual([])
})

it('imports Electron, SQLite, Baileys and Koa only where they belong', () => {
  const violations = Array.from(sources).flatMap(([file, { typesAndImports }]) =>
    typesAndImports
      .filter((target) => restrictedPackages[target]?.includes(moduleOf(file)) === false)
      .map((target) => `${file} → ${target}`),
  )
  expect(violations).toEqual([])
})

it('has no files that load each other in a circle', () => {
  expect(circles()).toEqual([])
})

it('has at most 14 entries in a folder', () => {
  const entries = new Map<string, Set<string>>()
  for (const file of sources.keys()) {
    for (let path = file; posix.dirname(path) !== '.'; path = posix.dirname(path)) {
      const folder = posix.dirname(path)
      entries.set(folder, (entries.get(folder) ?? new Set()).add(path))
    }
  }
  const large = Array.from(entries).filter(([, found]) => found.size > 14)
  expect(large.map(([folder, found]) => `${folder}: ${found.size}`)).toEqual([])
})

function moduleOf(file: string): string {
  const [tree = '', folder = ''] = file.split('/')
  return tree === 'src-main' ? folder : tree
}

/** Groups of files that load each other, by Tarjan's algorithm for strongly connected components. */
function circles(): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const found: string[][] = []
  const search = (file: string): number => {
    const place = order.size
    order.set(file, place)
    open.push(file)
    let low = place
    for (const target of sources.get(file)?.imports ?? []) {
      if (!sources.has(target)) continue
      if (!order.has(target)) low = Math.min(low, search(target))
      else if (open.includes(target)) low = Math.min(low, lowest.get(target) ?? order.get(target) ?? low)
    }
    lowest.set(file, low)
    if (low === place) {
      const group = open.splice(open.indexOf(file))
      if (group.length > 1) found.push(group.toSorted())
    }
    return low
  }
  for (const file of sources.keys()) if (!order.has(file)) search(file)
  return found
}
