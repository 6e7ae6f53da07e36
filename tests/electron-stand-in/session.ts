import type { BrowserContext, Page, Route } from 'playwright'
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

/** Chromium's own names of what Electron's handlers are asked about. */
const permissions = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  midi: 'midi',
  'clipboard-read': 'clipboardReadWrite',
  'clipboard-sanitized-write': 'clipboardSanitizedWrite',
  media: 'videoCapture',
} as const

/** Where both handlers say no, Chromium is told so for that origin. */
export async function setPermissions(context: BrowserContext, page: Page, origin: string): Promise<void> {
  const devTools = await context.newCDPSession(page)
  for (const [electronName, name] of Object.entries(permissions)) {
    const setting = isGranted(electronName) ? 'granted' : 'denied'
    await devTools.send('Browser.setPermission', {
      permission: { name: devToolsName(name) },
      setting,
      origin,
    })
  }
  await devTools.detach()
}

function isGranted(permission: string): boolean {
  const checked = check?.(null, permission as never, machine.root, {} as never) ?? true
  let granted = true
  request?.(
    null as never,
    permission as never,
    (answer) => {
      granted = answer
    },
    {} as never,
  )
  return checked && granted
}

/** The names of the Permissions API, which Browser.setPermission takes. */
function devToolsName(name: string): string {
  return (
    {
      clipboardReadWrite: 'clipboard-read',
      clipboardSanitizedWrite: 'clipboard-write',
      videoCapture: 'camera',
    }[name] ?? name
  )
}
