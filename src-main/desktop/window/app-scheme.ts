import { protocol, type Session } from 'electron'
import type { PageAnswer } from '../../window-assets/page-files.ts'

const scheme = 'app'
/** The window's own origin: nothing is loaded from the network, or from the disk but out/renderer. */
export const appOrigin = `${scheme}://kurir`
export const windowAddress = `${appOrigin}/index.html`

/** To be called before Electron is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** @param files the window's, by path: as built, or in development from vite */
export function serveAppScheme(session: Session, files: (path: string) => Promise<PageAnswer>): void {
  session.protocol.handle(scheme, async ({ url, method }) => {
    const { host, pathname, search } = new URL(url)
    if (host !== 'kurir' || method !== 'GET') return new Response(null, { status: 403 })
    const { status, headers, body } = await files(decodeURI(pathname) + search)
    return new Response(body, { status, headers })
  })
}
