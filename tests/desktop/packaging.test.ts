import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { signingEnvironment } from '../../scripts/signing.ts'

// What electron-builder itself makes of the configuration; it is in node_modules, and exports none of this.
const root = resolve(import.meta.dirname, '../..')
const builder = (module: string): unknown =>
  createRequire(import.meta.url)(join(root, 'node_modules/app-builder-lib/out', module))

interface Configuration {
  appId: string
  linux: { maintainer: string; target: string[] }
  mac: { target: string[] }
  toolsets: { appimage: string }
  nsis: { include: string }
}

const configurations = builder('util/config/config.js') as {
  getConfig(folder: string, file: null, given: null): Promise<Configuration>
  validateConfiguration(configuration: Configuration, log: { isEnabled: boolean; add(): void }): Promise<void>
}
const configuration = await configurations.getConfig(root, null, null)
const workflow = (name: string): string =>
  readFileSync(join(root, '.github/workflows', `${name}.yml`), 'utf8')

test('electron-builder takes every word of its configuration', async () => {
  await configurations.validateConfiguration(configuration, { isEnabled: false, add: () => undefined })
})

describe('a deb', () => {
  const { default: Deb } = builder('targets/FpmTarget.js') as {
    default: { prototype: { computeFpmMetaInfoOptions(): Promise<Record<string, string>> } }
  }
  const metaOf = (homepage: string | null): Promise<Record<string, string>> =>
    Deb.prototype.computeFpmMetaInfoOptions.call({
      packager: {
        appInfo: { computePackageUrl: async () => homepage, linuxPackageName: manifest.name },
        info: { metadata: manifest },
      },
      options: configuration.linux,
    })

  test('A2: has the maintainer that Debian demands, and the address of its source from the workflow', async () => {
    const meta = await metaOf('https://example.org/kurir')
    expect(meta).toMatchObject({ name: 'kurir', url: 'https://example.org/kurir' })
    expect(meta['maintainer']).toMatch(/^[\w ]+ <\S+@\S+>$/)
    await expect(metaOf(null)).rejects.toThrow('homepage')
    expect(workflow('release')).toContain('npm pkg set homepage="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"')
  })

  test('A2: is made at every push, and started with its sandbox', () => {
    expect(workflow('checks')).toContain('npm run package -- --linux deb --x64')
    expect(workflow('checks')).toContain('node scripts/smoke.ts --sandboxed /usr/bin/kurir')
  })
})

describe('signing', () => {
  const nothing = { MAC_CSC_LINK: '', MAC_CSC_KEY_PASSWORD: '', APPLE_ID: '', WIN_CSC_LINK: '', CSC_LINK: '' }

  test.each(['darwin', 'win32', 'linux'] as const)(
    'A3: on %s a secret that is not there is no certificate',
    (platform) => {
      const { env, signing } = signingEnvironment({ ...nothing, PATH: '/bin' }, platform)
      expect(env).toEqual({ PATH: '/bin', CSC_IDENTITY_AUTO_DISCOVERY: 'false' })
      expect(signing).toBe('not signed')
    },
  )

  test('A3: each system has a certificate of its own, and macOS is told apart by whether Apple has seen it', () => {
    const all = { MAC_CSC_LINK: 'mac', WIN_CSC_LINK: 'windows', WIN_CSC_KEY_PASSWORD: 'secret' }
    expect(signingEnvironment(all, 'darwin')).toEqual({
      env: { CSC_LINK: 'mac' },
      signing: 'signed, not notarized',
    })
    expect(signingEnvironment({ ...all, APPLE_ID: 'id' }, 'darwin').signing).toBe('signed')
    expect(signingEnvironment(all, 'win32')).toEqual({
      env: { WIN_CSC_LINK: 'windows', WIN_CSC_KEY_PASSWORD: 'secret' },
      signing: 'signed',
    })
  })

  test('A3: the release gives electron-builder no secret under a name that it reads itself on macOS', () => {
    expect(workflow('release')).not.toMatch(/^\s+CSC_\w+:/m)
    expect(workflow('release')).not.toMatch(/electron-builder .*--publish/)
  })
})

test('A4: the AppImage brings its own runtime, as Ubuntu since 22.04 has no libfuse.so.2', () => {
  expect(configuration.toolsets.appimage).toBe('1.0.3')
})

test('the release makes every package for both processors, and tries each where it was not made', () => {
  const text = workflow('release')
  const packages = Array.from(
    text.matchAll(/name: ([\w-]+), os: [\w.-]+, target: '(.+)'/g),
    ([, name, target]) => [name, target],
  )
  expect(Object.fromEntries(packages)).toEqual({
    'linux-x64': '--linux AppImage deb --x64',
    'linux-arm64': '--linux AppImage deb --arm64',
    'windows-x64': '--win nsis --x64',
    'windows-arm64': '--win nsis --arm64',
    'macos-arm64': '--mac dmg zip --arm64',
    'macos-x64': '--mac dmg zip --x64',
  })
  const [, smoke = ''] = text.split(/^ {2}smoke:$/m)
  for (const [name] of packages) expect(smoke).toContain(`{ name: ${name}, os: `)
})

test('B14: nothing is made for 32-bit PCs, and README and guides say which PCs it is for and what to do with others', () => {
  expect(workflow('release')).not.toMatch(/ia32|armv7l/)
  const text = (file: string): string => readFileSync(join(root, file), 'utf8')
  expect(text('README.md')).toMatch(/Windows 10, macOS 13 or a Linux of the age of Ubuntu 22\.04, 64-bit/)
  for (const guide of ['docs/guide/en.md', 'docs/guide/id.md']) {
    expect(text(guide)).toMatch(/Windows 7 (?:and|dan) 8; .*32-bit/)
    expect(text(guide)).toMatch(/\]\(#4-/)
  }
})

test('C8: package.json names the .desktop file, so that a Wayland desktop knows whose the window is', () => {
  expect(manifest.desktopName).toBe('kurir.desktop')
  expect(configuration.linux).toMatchObject({ executableName: 'kurir', syncDesktopName: true })
})

test('D5: package.json gives the main process the bound for V8 that can be set once it runs', () => {
  // As Electron does (lib/browser/init.ts); an unknown flag would be said on stderr.
  const script = `require('node:v8').setFlagsFromString(${JSON.stringify(manifest.v8Flags)})`
  const run = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  expect([run.status, run.stderr]).toEqual([0, ''])
  const start = manifest.scripts.start.split(' ')
  for (const flag of manifest.v8Flags.split(' ')) expect(start).toContain(flag)
})

const hasMakensis = spawnSync('makensis', ['-VERSION']).status === 0
describe('the installer for Windows', () => {
  const text = readFileSync(join(root, configuration.nsis.include), 'utf8')

  test('B10: has the running program quit, and an uninstall, but no update, takes the start at login along', () => {
    expect(text).toMatch(
      /!insertmacro quitRunningKurir\s+!insertmacro _CHECK_APP_RUNNING\s+!macroend[\s\S]+ --quit'/,
    )
    expect(text).toMatch(/\$\{ifNot\} \$\{isUpdated\}\s+DeleteRegValue HKCU ".+\\Run" "Kurir"/)
    expect(readFileSync(join(root, 'src-main/desktop/system/login-item.ts'), 'utf8')).toContain(
      "name: 'Kurir'",
    )
  })

  test.runIf(hasMakensis)('B10: is compiled by makensis together with electron-builder’s own check', () => {
    const templates = join(root, 'node_modules/app-builder-lib/templates/nsis/include')
    const language = ['appClosing', 'appRunning', 'appCannotBeClosed'].map(
      (name) => `LangString ${name} 1033 "${name}"`,
    )
    const script = `
Unicode true
Name Kurir
OutFile "${process.platform === 'win32' ? 'NUL' : '/dev/null'}"
InstallDir C:\\Kurir
!addincludedir "${templates}"
!include LogicLib.nsh
!include FileFunc.nsh
!define APP_EXECUTABLE_FILENAME Kurir.exe
!define PRODUCT_NAME Kurir
!define APP_GUID kurir
; A plug-in of electron-builder's, and what its common.nsh defines.
!define nsProcess::FindProcess nothing
!macro _isUpdated _a _b _t _f
  StrCmp "1" "0" \`\${_t}\` \`\${_f}\`
!macroend
!define isUpdated \`"" isUpdated ""\`
!include "${join(root, configuration.nsis.include)}"
!include allowOnlyOneInstallerInstance.nsh
${language.join('\n')}
Section
  !insertmacro CHECK_APP_RUNNING
  WriteUninstaller "$INSTDIR\\uninstall.exe"
SectionEnd
Section un.Kurir
  !insertmacro customUnInstall
SectionEnd
`
    const compiled = spawnSync('makensis', ['-V2', '-WX', '-'], { input: script, encoding: 'utf8' })
    expect(compiled.stdout + compiled.stderr).toBe('')
    expect(compiled.status).toBe(0)
  })
})
