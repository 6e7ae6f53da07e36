import { spawnSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { environmentOf, startBrowser } from '../../electron-fake/launch.ts'
import { onElectron, usualMachine } from './desktop.ts'

const root = resolve(import.meta.dirname, '../../..')
const smoke = join(root, 'scripts', 'smoke.ts')

test.skipIf(onElectron)(
  'a package is tried by starting it, one message through its API, a picture, and quitting',
  async () => {
    const browser = await startBrowser()
    const folder = mkdtempSync(join(tmpdir(), 'kurir-smoke-spec-'))
    const picture = join(folder, 'screen.png')
    const machine = { ...usualMachine, browser: browser.address, home: folder }
    const program = [
      process.execPath,
      join(root, 'tests/electron-fake/run.ts'),
      join(root, 'out/main/desktop.js'),
    ]
    const child = spawn(process.execPath, [smoke, '--screenshot', `touch ${picture}`, ...program], {
      env: environmentOf(machine),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (output += text.toString()))
    const [code] = await once(child, 'exit')
    await browser.stop()
    expect(output).toContain('Started, sent, and quit.')
    expect(code).toBe(0)
    expect(existsSync(picture)).toBe(true)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
)

test('a package that does not start fails the trial', () => {
  const tried = spawnSync(process.execPath, [smoke, '--', process.execPath, '-e', 'process.exit(3)'], {
    encoding: 'utf8',
  })
  expect(tried.status).toBe(1)
  expect(tried.stderr).toContain('The program ended while waiting')
})
