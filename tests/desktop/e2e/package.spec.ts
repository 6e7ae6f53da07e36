import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { fakeDistribution } from '../fake-distribution.ts'

const root = resolve(import.meta.dirname, '../../..')

// On the other systems the real thing is packaged, by the release workflow.
describe.runIf(process.platform === 'linux')('the packaged application', () => {
  const output = mkdtempSync(join(tmpdir(), 'kurir-dist-'))
  const unpacked = join(output, 'linux-unpacked')
  const asar = join(unpacked, 'resources', 'app.asar')
  let files: string[] = []

  beforeAll(() => {
    const electron = fakeDistribution(manifest.devDependencies.electron)
    const packaged = spawnSync(
      process.execPath,
      [join(root, 'scripts', 'package-dir.ts'), '--electron-dist', electron, '--output', output],
      { cwd: root, encoding: 'utf8' },
    )
    rmSync(electron, { recursive: true, force: true })
    if (packaged.status !== 0) throw new Error(packaged.stdout + packaged.stderr)
    files = listPackage(asar, { isPack: false }).map((file) => file.replaceAll('\\', '/'))
  }, 300_000)

  afterAll(() => rmSync(output, { recursive: true, force: true }))

  test('holds the bundles, the window, its pictures and the licences', () => {
    for (const file of [
      '/package.json',
      '/out/main/desktop.js',
      '/out/preload/preload.cjs',
      '/out/renderer/index.html',
      '/out/licences.json',
      '/resources/tray/all-any@2x.png',
      '/resources/icons/256.png',
    ]) {
      expect(files).toContain(file)
    }
  })

  test('has every file of the bundles that its entry can load', () => {
    const built = readdirSync(join(root, 'out', 'main')).filter((name) => name !== 'headless.js')
    for (const name of built) expect(files).toContain(`/out/main/${name}`)
  })

  test('leaves sources, tests, development files and the pinned Node behind', () => {
    const unwanted = files.filter(
      (file) =>
        /^\/(?:src-|tests|scripts|docs|dist|\.)/.test(file) ||
        /^\/node_modules\/(?:node-|electron|vite|typescript|playwright|react|@whiskeysockets)/.test(file) ||
        /\.(?:ts|map|md)$/.test(file) ||
        file === '/out/main/headless.js',
    )
    expect(unwanted).toEqual([])
  })

  test('brings of node_modules only sharp, by WebAssembly: its native build clashes with Electron on Linux (A1)', () => {
    const packages = new Set(
      files
        .map((file) => /^\/node_modules\/(@[^/]+\/[^/]+|[^@/][^/]*)\//.exec(file)?.[1])
        .filter((name) => name !== undefined),
    )
    const names = Array.from(packages).sort()
    expect(names).toEqual([
      '@emnapi/runtime',
      '@img/colour',
      '@img/sharp-wasm32',
      'detect-libc',
      'semver',
      'sharp',
      'tslib',
    ])
    const unpackedNames = readdirSync(join(`${asar}.unpacked`, 'node_modules', '@img'))
    expect(unpackedNames.sort()).toEqual(['colour', 'sharp-wasm32'])
  })

  test('starts with the desktop, and says nothing of development', () => {
    const shipped = JSON.parse(extractFile(asar, 'package.json').toString('utf8')) as Record<string, unknown>
    expect(shipped).toMatchObject({ main: 'out/main/desktop.js', version: manifest.version })
    expect(shipped).not.toHaveProperty('devDependencies')
    expect(shipped).not.toHaveProperty('scripts')
  })

  test('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'kurir'))
    const state = (fuse: FuseV1Options): string => (wire[fuse] === FuseState.ENABLE ? 'on' : 'off')
    expect({
      runAsNode: state(FuseV1Options.RunAsNode),
      cookieEncryption: state(FuseV1Options.EnableCookieEncryption),
      nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      nodeCliInspect: state(FuseV1Options.EnableNodeCliInspectArguments),
      asarIntegrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyLoadAppFromAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
      fileProtocolPrivileges: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: 'off',
      cookieEncryption: 'on',
      nodeOptions: 'off',
      nodeCliInspect: 'off',
      asarIntegrity: 'on',
      onlyLoadAppFromAsar: 'on',
      fileProtocolPrivileges: 'off',
    })
  })

  test('is as small as it may be', () => {
    const mib = (file: string): number => statSync(file).size / 1024 / 1024
    const main = readdirSync(join(root, 'out', 'main')).filter((name) => name.endsWith('.js'))
    const bundle = main.filter((name) => !['headless.js', 'audio-worker.js'].includes(name))
    const size = bundle.reduce((sum, name) => sum + mib(join(root, 'out', 'main', name)), 0)
    console.log(`main bundle ${size.toFixed(1)} MiB, asar ${mib(asar).toFixed(1)} MiB`)
    // Proxies (SOCKS) and the restore of backups brought it over 8.
    expect(size).toBeLessThan(8.25)
    expect(mib(asar)).toBeLessThan(30)
  })
})

test('the licences name every package with its version and the text of its licence', () => {
  const licences = JSON.parse(readFileSync(join(root, 'out', 'licences.json'), 'utf8')) as Record<
    string,
    string
  >[]
  const names = licences.map(({ name }) => name)
  for (const name of [
    'electron',
    'sharp',
    'react',
    '@whiskeysockets/baileys',
    'libsignal',
    'koa',
    '@mantine/core',
  ]) {
    expect(names).toContain(name)
  }
  for (const licence of licences) {
    expect(licence['version']).toMatch(/^\d+\./)
    expect(licence['licence']).toMatch(/^[\w.()\- ]+$/)
    expect(licence['text']?.length).toBeGreaterThan(5)
  }
})
