import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Machine } from '../../electron-fake/protocol.ts'
import { DesktopRun, onElectron, type Program } from './desktop.ts'
import { addSandboxDevice } from './operator.ts'
import { until } from './until.ts'

let run: DesktopRun

beforeEach(async () => {
  run = await DesktopRun.open()
})

afterEach(() => run.close())

const sealedFile = (): string => join(run.folder, 'data-key.sealed')
const prefix = (): string => readFileSync(sealedFile()).subarray(0, 3).toString('latin1')

async function sealedBy(program: Program): Promise<unknown> {
  const info = await (await program.page()).evaluate(() => window.kurir?.call('program.info', {}))
  return info?.ok === true ? info.value.sealedBy : info
}

/** Starts in the tray and ends in order: what a folder needs to have a key. */
async function startOnce(machine: Partial<Machine> = {}): Promise<void> {
  const program = await run.start({ words: ['--hidden'], machine })
  await until('the tray', async () => (await program.see()).tray)
  await program.quit()
  await program.ended()
}

describe.skipIf(onElectron)('B3: the data key', () => {
  test('is kept sealed by the keyring, and nothing of it is readable', async () => {
    const program = await run.start()
    expect(await sealedBy(program)).toBe('keyring')
    expect(existsSync(sealedFile())).toBe(true)
    expect(readdirSync(run.folder).filter((name) => name.startsWith('data-key'))).toEqual([
      'data-key-check.json',
      'data-key.sealed',
    ])
  })

  test('that another keyring sealed is refused, clearly', async () => {
    await startOnce()
    const sealed = readFileSync(sealedFile())
    // A session makes a key worth keeping: without one a new key would do no harm.
    const first = await run.start()
    await addSandboxDevice(await first.page())
    await first.quit()
    await first.ended()
    const other = await run.start({ machine: { keyring: 'of somebody else' } })
    expect(await other.ended()).toBe(1)
    expect((await other.see()).errorBoxes[0]).toMatchObject({
      title: 'Kurir cannot start',
      content: expect.stringContaining('cannot be read with this user’s keyring') as string,
    })
    expect(readFileSync(sealedFile())).toEqual(sealed)
  })

  test('B3c: a key store that refuses, as a denied prompt of macOS does, is said, and the program does not start anew', async () => {
    const refused = await run.start({ machine: { keyStore: 'refuses' } })
    expect(await refused.ended()).toBe(1)
    const seen = await refused.see()
    expect(seen.relaunches).toEqual([])
    expect(seen.errorBoxes.map(({ content }) => content)).toEqual([
      expect.stringContaining('It protects Kurir’s secrets'),
    ])
    expect(existsSync(join(run.folder, 'crashes.log'))).toBe(false)
    expect(existsSync(sealedFile())).toBe(false)
  })

  test('B3c: a key store that is temporarily unavailable is asked again, then said, and the key is left as it is', async () => {
    await startOnce()
    const sealed = readFileSync(sealedFile())
    const busy = await run.start({ machine: { keyStore: 'busy' } })
    expect(await busy.ended()).toBe(1)
    const [box] = (await busy.see()).errorBoxes
    expect(box?.content).toContain('Nothing is lost')
    expect(box?.content).not.toContain('cannot be read')
    expect(readFileSync(sealedFile())).toEqual(sealed)
  })
})

describe.skipIf(onElectron || process.platform !== 'linux')('the data key on Linux', () => {
  test('B3a, B3b: a keyring that did not answer is not called one, whatever the desktop’s name says', async () => {
    const program = await run.start({ machine: { keyring: null, backend: 'gnome_libsecret' } })
    expect(await sealedBy(program)).toBe('basic_text')
    expect(prefix()).toBe('v10')
    const page = await program.page()
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page.getByText('anyone who can read this folder can read them').waitFor()
  })

  test('B3b: a keyring that answered is called one, whatever the desktop’s name says', async () => {
    const program = await run.start({ machine: { backend: 'basic_text' } })
    expect(await sealedBy(program)).toBe('keyring')
  })

  test('B3a: is sealed again at the first start with a keyring', async () => {
    await startOnce({ keyring: null })
    expect(prefix()).toBe('v10')
    const later = await run.start()
    expect(await sealedBy(later)).toBe('keyring')
    expect(prefix()).toBe('v11')
  })

  test('B3e: of a keyring whose prompt was cancelled at an automatic login is asked for in words, and kept', async () => {
    const first = await run.start()
    await addSandboxDevice(await first.page())
    await first.quit()
    await first.ended()
    const cancelled = await run.start({ machine: { keyring: null } })
    expect(await cancelled.ended()).toBe(1)
    expect((await cancelled.see()).errorBoxes[0]?.content).toContain('Unlock the keyring')
    const later = await run.start()
    await (await later.page()).getByText('Connected', { exact: true }).first().waitFor()
  })
})

describe.skipIf(onElectron)('the data key on Windows, whose own key Chromium writes down late', () => {
  const machine = { platform: 'win32' } as const
  const localState = (): string => join(run.folder, 'browser', 'Local State')

  test('B3d: after a power cut in the first seconds a new key is made, as nothing was sealed yet', async () => {
    const first = await run.start({ machine })
    await first.page()
    first.kill()
    await first.ended()
    expect([existsSync(sealedFile()), existsSync(localState())]).toEqual([true, false])
    const second = await run.start({ machine })
    expect(await sealedBy(second)).toBe('keyring')
    expect(readdirSync(run.folder).some((name) => name.startsWith('data-key.replaced-'))).toBe(true)
  })

  test('B3d: with a phone that is linked, a key that cannot be opened is said, and given up by nobody', async () => {
    const first = await run.start({ machine })
    await addSandboxDevice(await first.page())
    await first.quit()
    await first.ended()
    const sealed = readFileSync(sealedFile())
    rmSync(localState())
    const second = await run.start({ machine })
    expect(await second.ended()).toBe(1)
    expect((await second.see()).errorBoxes[0]?.content).toContain('cannot be read')
    expect(readFileSync(sealedFile())).toEqual(sealed)
  })

  test('B3d: the folder that holds it says what it is', async () => {
    await startOnce(machine)
    const words = readFileSync(join(run.folder, 'browser', 'README.txt'), 'utf8')
    expect(words).toContain('Local State')
    expect(words).toContain('Do not remove it')
  })
})
