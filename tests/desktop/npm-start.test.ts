import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { obstacleToSandbox } from '../../scripts/linux-sandbox.ts'
import { killTreeCommand } from './e2e/kill-tree.ts'

let root = ''
let binary = ''
const operator = 1000

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kurir-linux-'))
  binary = join(root, 'kurir/node_modules/electron/dist/electron')
  write('kurir/node_modules/electron/dist/chrome-sandbox', '')
})

afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

const obstacle = (uid = operator) => obstacleToSandbox(binary, { root, uid })

describe.skipIf(process.platform === 'win32')('npm start on Linux', () => {
  test('opens the desktop where programs may make user namespaces', () => {
    expect(obstacle()).toBeNull()
    write('proc/sys/kernel/apparmor_restrict_unprivileged_userns', '0\n')
    write('proc/sys/user/max_user_namespaces', '63000\n')
    expect(obstacle()).toBeNull()
  })

  test.each([
    ['proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1\n'],
    ['proc/sys/kernel/unprivileged_userns_clone', '0\n'],
    ['proc/sys/user/max_user_namespaces', '0\n'],
  ])('B6: says what to do where %s forbids them, instead of letting Electron abort', (file, value) => {
    write(file, value)
    const helper = join(dirname(binary), 'chrome-sandbox')
    expect(obstacle()).toContain(`sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`)
  })

  test('B6: opens the desktop where a profile lets that Electron, and not another one, make them', () => {
    write('proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1\n')
    write('etc/apparmor.d/other', 'profile other /opt/other/electron flags=(unconfined) {\n  userns,\n}\n')
    expect(obstacle()).not.toBeNull()
    write('etc/apparmor.d/kurir', `profile kurir ${binary} flags=(unconfined) {\n  userns,\n}\n`)
    expect(obstacle()).toBeNull()
  })

  test.runIf(process.getuid?.() === 0)(
    'B6: opens the desktop where the helper belongs to root and runs as root',
    () => {
      write('proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1\n')
      chmodSync(join(dirname(binary), 'chrome-sandbox'), 0o4755)
      expect(obstacle()).toBeNull()
    },
  )

  test('B6: does not let Electron abort as root either', () => {
    expect(obstacle(0)).toMatch(/^Electron does not run as root/)
  })
})

test('B15: on Windows the specs end Electron with the shell that playwright starts it through', () => {
  expect(killTreeCommand('win32', 7)).toEqual({ file: 'taskkill', args: ['/pid', '7', '/T', '/F'] })
  expect(killTreeCommand('linux', 7)).toBeNull()
})
