import type { BrowserContext, Page, Route } from 'playwright'
import { app } from './app.ts'
import { machine, seen } from './machine.ts'
import { programAddress, shownPattern } from './origin.ts'
import { partOf } from './part.ts'

type Answer = (request: Request) => Response | Promise<Response>
type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0]
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0]

const schemes = new Map<string, Answer>()
let request: RequestHandler = null
let check: CheckHandler = null

export const protocol = partOf<Electron.Protocol>()({
  registerSchemesAsPrivileged: (declared) => void seen.schemes.push(...declared),
  handle: (scheme, handler) => void schemes.set(scheme, handler),
})

export const defaultSession = {
  protocol,
  setPermissionRequestHandler: (handler: RequestHandler) => {
    request = handler
  },
  setPermissionCheckHandler: (handler: CheckHandler) => {
    check = handler
  },
  setDevicePermissionHandler: () => undefined,
  resolveProxy: async (url: string) => {
    if (!app.isReady()) throw new Error('Session can only be received when app is ready')
    seen.proxyLookups.push(url)
    return answerOfSettings(url)
  },
}

/**
 * The text of net::ProxyInfo::ToPacString, which never names a user. It is empty where the look-up failed, as for what is no
 * URL with a host (electron: resolve_proxy_helper.cc). Chromium reaches this PC itself without a proxy
 * (net/docs/proxy.md, implicit bypass rules).
 */
function answerOfSettings(url: string): string {
  if (!URL.canParse(url) || new URL(url).hostname === '') return ''
  const { hostname } = new URL(url)
  const isThisPc = /^(?:.+\.)?localhost\.?$|^127\.|^\[::1\]$|^169\.254\./.test(hostname)
  return isThisPc ? 'DIRECT' : machine.proxy
}

/** Answers the made-up origin from the handler that the program gave for its scheme. */
export async function answerScheme(page: Page): Promise<void> {
  await page.route(shownPattern, async (route: Route) => {
    const asked = route.request()
    const address = programAddress(asked.url())
    const handler = schemes.get(new URL(address).protocol.slice(0, -1))
    if (handler === undefined) return route.abort('failed')
    const response = await handler(new Request(address, { method: asked.method() }))
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  })
}

/** What Electron's handlers are asked about, and the names that DevTools have for it. */
const permissions: readonly (readonly [string, string])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['media', 'camera'],
  ['media', 'microphone'],
]

/** Where a handler says no, Chromium is told so for that origin, as long as the page (and this session) lives. */
export async function setPermissions(context: BrowserContext, page: Page, origin: string): Promise<void> {
  const devTools = await context.newCDPSession(page)
  for (const [permission, name] of permissions) {
    const setting = isGranted(permission) ? 'granted' : 'denied'
    await devTools.send('Browser.setPermission', { permission: { name }, setting, origin })
  }
}

function isGranted(permission: string): boolean {
  const checked = check?.(null, permission as never, machine.root, {} as never) ?? true
  let granted = true
  const answer = (given: boolean): void => {
    granted = given
  }
  request?.(null as never, permission as never, answer, {} as never)
  return checked && granted
}
