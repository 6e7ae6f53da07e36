import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { DesktopRun, onElectron, type Program } from './desktop.ts'
import { watch } from './watched.ts'

let run: DesktopRun
let program: Program
let page: Page
let troubles: string[]

beforeAll(async () => {
  run = await DesktopRun.open()
  program = await run.start()
  page = await program.page()
  troubles = watch(page)
})

afterAll(() => run.close())

interface AnyBridge {
  call(name: string, request: unknown): Promise<unknown>
}

/** What a page that was taken over could do with the bridge. */
function call(name: string, request: unknown): Promise<unknown> {
  return page.evaluate(([name, request]) => (window.kurir as unknown as AnyBridge).call(name, request), [
    name,
    request,
  ] as const)
}

describe('what the window may say', () => {
  test.each([
    ['no request', 'devices.list', null],
    ['a list', 'devices.list', []],
    ['more than was asked for', 'devices.list', { extra: 1 }],
    ['another type', 'devices.rename', { id: 7, name: 'x' }],
    ['an empty name', 'devices.rename', { id: 'a', name: '   ' }],
    ['a kind that there is not', 'devices.add', { kind: 'other', number: null, name: 'x' }],
    ['a name from the prototype', 'settings.set', { name: '__proto__', value: true }],
    ['another page', 'program.openExternal', { page: 'file:///etc/passwd' }],
    ['an endless list', 'numbers.lookUp', { deviceId: 'a', numbers: Array.from({ length: 51 }, () => '1') }],
    ['no base64', 'uploads.part', { uploadId: 'a', base64: '§' }],
  ])('is refused with %s', async (_, name, request) => {
    expect(await call(name, request)).toMatchObject({ ok: false, error: { code: 'parameter_invalid' } })
  })

  test.each(['__proto__', 'constructor', 'toString', 'devices.explode', ''])(
    'is refused as %j, which is no call',
    async (name) => {
      expect(await call(name, {})).toMatchObject({ ok: false, error: { code: 'call_invalid' } })
    },
  )

  test.skipIf(onElectron)('is refused on another channel, and past the preload', async () => {
    const raw = (channel: string, words: unknown[]) =>
      page.evaluate(
        ([channel, words]) =>
          (window as unknown as Raw).__fakeInvoke({ channel, words }).then(
            (value) => value,
            (error: unknown) => String(error),
          ),
        [channel, words] as const,
      )
    expect(await raw('electron-store-get-data', [])).toMatch(/No handler registered/)
    expect(await raw('shell', ['rm'])).toMatch(/No handler registered/)
    expect(await raw('call', [])).toMatchObject({ ok: false, error: { code: 'call_invalid' } })
    expect(await raw('call', [{ toString: 'devices.list' }, {}])).toMatchObject({ ok: false })
  })

  test.skipIf(onElectron)('is refused from a frame inside it, and from another origin', async () => {
    const ask = (target: Pick<Page, 'evaluate'>) =>
      target.evaluate(() =>
        (window as unknown as Raw).__fakeInvoke({ channel: 'call', words: ['devices.list', {}] }),
      )
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
    })
    const inside = page.frames().find((frame) => frame !== page.mainFrame())
    if (inside === undefined) throw new Error('the frame is not there')
    expect(await ask(inside)).toMatchObject({ ok: false, error: { code: 'origin_not_allowed' } })
    expect(await ask(page)).toMatchObject({ ok: true })
    await page.evaluate(() => document.querySelector('iframe')?.remove())
  })

  test('leaves nothing behind: the window still answers', async () => {
    expect(await call('devices.list', {})).toEqual({ ok: true, value: [] })
  })
})

interface Raw {
  __fakeInvoke(asked: { channel: string; words: readonly unknown[] }): Promise<unknown>
}

describe('where the window may go', () => {
  test.each([
    'https://elsewhere.test/',
    'http://127.0.0.1:1/',
    'app://kurir/licences.json',
    'file:///etc/passwd',
  ])('it stays where it is instead of %s', async (address) => {
    const before = page.url()
    await page.evaluate((address) => {
      window.location.href = address
    }, address)
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
    expect(page.url()).toBe(before)
  })

  test('no other window opens', async () => {
    const opened = await page.evaluate(() => window.open('http://127.0.0.1:1/', '_blank') === null)
    if (onElectron) expect(opened).toBe(true)
    await page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), {
        href: 'https://elsewhere.test/',
        target: '_blank',
      })
      document.body.append(link)
      link.click()
      link.remove()
    })
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
    const others = page
      .context()
      .pages()
      .filter((one) => one.url().includes('127.0.0.1:1/'))
    expect(others).toEqual([])
  })

  test('nothing is framed, and nothing is loaded from elsewhere', async () => {
    troubles.length = 0
    const reached = await page.evaluate(async () => {
      const frame = Object.assign(document.createElement('iframe'), { src: 'https://elsewhere.test/' })
      document.body.append(frame)
      const tried = async (work: () => Promise<unknown>) =>
        work()
          .then(() => 'reached')
          .catch(() => 'refused')
      const results = await Promise.all([
        tried(() => fetch('https://elsewhere.test/')),
        tried(() => fetch('http://127.0.0.1:1/')),
        tried(
          () =>
            new Promise((resolve, reject) => {
              const script = Object.assign(document.createElement('script'), {
                src: 'https://elsewhere.test/x.js',
              })
              script.addEventListener('load', resolve)
              script.addEventListener('error', reject)
              document.body.append(script)
            }),
        ),
        // In a turn of its own: what DevTools run may make code of texts, what the page runs may not.
        tried(
          () =>
            new Promise((resolve, reject) => {
              setTimeout(() => {
                try {
                  // oxlint-disable-next-line typescript/no-implied-eval -- that it is refused is what is tested
                  resolve(new Function('return 1')())
                } catch (error) {
                  reject(error)
                }
              })
            }),
        ),
      ])
      frame.remove()
      return results
    })
    expect(reached).toEqual(['refused', 'refused', 'refused', 'refused'])
    expect(troubles.join('\n')).toMatch(/Content Security Policy/)
  })

  test('an inline script and a style without the nonce do not run', async () => {
    const found = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.ranInline = true'
      const style = document.createElement('style')
      style.textContent = 'body { outline: 7px solid red }'
      document.body.append(script, style)
      return { ran: 'ranInline' in window, outline: getComputedStyle(document.body).outlineWidth }
    })
    expect(found).toMatchObject({ ran: false })
    expect(found.outline).not.toBe('7px')
  })
})

describe('what the window may use', () => {
  test.each(['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'])(
    '%s is denied',
    async (name) => {
      const state = await page.evaluate(
        (name) => navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state),
        name,
      )
      expect(state).toBe('denied')
    },
  )

  test('a request for the place or the camera fails at once', async () => {
    const answers = await page.evaluate(() =>
      Promise.all([
        new Promise((resolve) => {
          navigator.geolocation.getCurrentPosition(
            () => resolve('granted'),
            (problem) => resolve(problem.code),
          )
        }),
        navigator.mediaDevices.getUserMedia({ video: true }).then(
          () => 'granted',
          () => 'denied',
        ),
      ]),
    )
    expect(answers).toEqual([1, 'denied'])
  })
})

describe.skipIf(onElectron)('how the window is made', () => {
  test('without Node, in a world and a process of its own, from its own scheme', async () => {
    const { windows, schemes, sandboxEnabled } = await program.see()
    expect(windows[0]?.preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    })
    const risky = new Set([
      'webSecurity',
      'allowRunningInsecureContent',
      'experimentalFeatures',
      'enableBlinkFeatures',
      'webviewTag',
      'nodeIntegrationInSubFrames',
      'nodeIntegrationInWorker',
    ])
    expect(Object.keys(windows[0]?.preferences ?? {}).filter((name) => risky.has(name))).toEqual([])
    expect(sandboxEnabled).toBe(true)
    expect(schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ])
  })

  test('what leads outside is opened by an id alone', async () => {
    await call('program.openExternal', { page: 'whatsapp-linked-devices' })
    expect((await program.see()).openedExternally).toEqual(['https://faq.whatsapp.com/1317564962315842'])
  })
})
