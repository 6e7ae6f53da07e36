import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nameHasOwner } from '../../src-main/desktop/tray/tray-host.ts'

const watcher = 'org.kde.StatusNotifierWatcher'
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kurir-bus-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

/** A tool of that name that prints that and ends with that code. */
function tool(name: string, prints: string, code = 0): void {
  writeFileSync(join(folder, name), `#!/bin/sh\necho '${prints}'\nexit ${code}\n`)
  chmodSync(join(folder, name), 0o755)
}

const ask = () => nameHasOwner(watcher, { PATH: `${folder}:/nowhere` })

describe.runIf(process.platform === 'linux')('whether this desktop draws tray icons', () => {
  test.each([
    ['gdbus', '(true,)', '(false,)'],
    ['busctl', 'b true', 'b false'],
    ['dbus-send', '   boolean true', '   boolean false'],
  ])('B7: is asked of the session’s bus by %s', async (name, yes, no) => {
    tool(name, yes)
    expect(await ask()).toBe(true)
    tool(name, no)
    expect(await ask()).toBe(false)
  })

  test('B7: is asked of the next tool where one fails, and is no where none answers', async () => {
    expect(await ask()).toBe(false)
    tool('gdbus', 'Error connecting', 1)
    expect(await ask()).toBe(false)
    tool('busctl', 'b true')
    expect(await ask()).toBe(true)
  })

  const hasBus = spawnSync('dbus-run-session', ['--version']).status === 0
  test.runIf(hasBus)('B7: is what a real bus says of the name', () => {
    const script = join(folder, 'ask.ts')
    const module = join(import.meta.dirname, '../../src-main/desktop/tray/tray-host.ts')
    writeFileSync(
      script,
      `import { nameHasOwner } from '${module}'
       for (const name of ['org.freedesktop.DBus', '${watcher}']) console.log(await nameHasOwner(name, process.env))`,
    )
    const answers = spawnSync('dbus-run-session', ['--', process.execPath, script], { encoding: 'utf8' })
    expect(answers.stdout.trim().split('\n')).toEqual(['true', 'false'])
  })
})
