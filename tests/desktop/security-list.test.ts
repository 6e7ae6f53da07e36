import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { externalAddress } from '../../src-main/window-assets/external-pages.ts'
import lock from '../../package-lock.json' with { type: 'json' }

// https://www.electronjs.org/docs/latest/tutorial/security: what is not a running window's to show. The rest is in
// e2e/security.spec.ts (a window that was taken over) and e2e/package.spec.ts (fuses).

const root = resolve(import.meta.dirname, '../..')

function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|html)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file: file.slice(root.length + 1), text: readFileSync(file, 'utf8') }))
}

function filesWith(folder: string, pattern: RegExp): string[] {
  return sources(folder)
    .filter(({ text }) => pattern.test(text))
    .map(({ file }) => file.replaceAll('\\', '/'))
}

describe('Electron’s security list', () => {
  test('1, 18: the page loads nothing from another address, and no file: address', () => {
    const page = readFileSync(join(root, 'src-renderer/index.html'), 'utf8')
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    expect(filesWith('src-main', /loadFile\(|file:\/\//)).toEqual([])
    expect(filesWith('src-main', /\.loadURL\(/)).toEqual(['src-main/desktop/window/main-window.ts'])
  })

  test('2–4, 6, 8–10: nowhere is a protection of the window turned off', () => {
    const off =
      /nodeIntegration\w*: true|contextIsolation: false|sandbox: false|webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures/
    expect(filesWith('src-main', off)).toEqual([])
    expect(filesWith('src-main', /enableSandbox\(\)/)).toEqual([
      'src-main/desktop/lifecycle/start-desktop.ts',
    ])
  })

  test('5: both permission handlers are set, with an answer that is always no', () => {
    const text = readFileSync(join(root, 'src-main/desktop/window/deny-permissions.ts'), 'utf8')
    expect(text).toContain('setPermissionRequestHandler((_contents, _permission, answer) => answer(false))')
    expect(text).toContain('setPermissionCheckHandler(() => false)')
    expect(text).toContain('setDevicePermissionHandler(() => false)')
  })

  test('11, 12: no webview, and none can be attached', () => {
    expect(filesWith('src-main', /webviewTag|allowpopups/)).toEqual([])
    expect(filesWith('src-renderer', /<webview|allowpopups/)).toEqual([])
    expect(filesWith('src-main', /'will-attach-webview', \(event\) => event\.preventDefault\(\)/)).toEqual([
      'src-main/desktop/window/deny-navigation.ts',
    ])
  })

  test('15: what leads outside is opened in one place', () => {
    expect(filesWith('src-main', /await shell\.openExternal\(address\)/)).toEqual([
      'src-main/desktop/desktop-capabilities.ts',
    ])
    for (const page of ['source', 'report-problem', 'whatsapp-linked-devices'] as const) {
      expect(externalAddress(page, { source: 'https://kurir.example', api: null })).toMatch(/^https:\/\//)
    }
    expect(externalAddress('api-docs', { source: null, api: 'http://127.0.0.1:1' })).toBe(
      'http://127.0.0.1:1/docs',
    )
  })

  test('16: Electron is the current one, and is the one of the lockfile', () => {
    expect(manifest.devDependencies.electron).toMatch(/^45\.\d+\.\d+$/)
    expect(lock.packages['node_modules/electron'].version).toBe(manifest.devDependencies.electron)
  })

  test('17: calls come in at one place, which checks who sends them', () => {
    expect(filesWith('src-main', /ipcMain\.(?:handle|on)\(/)).toEqual(['src-main/desktop/ipc-transport.ts'])
  })

  test('20: one bridge, of two functions, goes to the page', () => {
    expect(filesWith('src-preload', /exposeInMainWorld\(/)).toEqual(['src-preload/preload.ts'])
    const preload = readFileSync(join(root, 'src-preload/preload.ts'), 'utf8')
    expect(preload.match(/exposeInMainWorld\('kurir', bridge\)/g)).toHaveLength(1)
    expect(preload).not.toMatch(/: ipcRenderer|ipcRenderer\.(?:send|sendSync)\(/)
  })
})
