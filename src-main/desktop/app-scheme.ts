import { protocol, type Session } from 'electron'
import { pageFiles } from '../page/page-files.ts'

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

/** @param folder the built window, out/renderer */
export function serveAppScheme(session: Session, folder: string): void {
  const files = pageFiles(folder)
  session.protocol.handle(scheme, async ({ url, method }) => {
    const { host, pathname } = new URL(url)
    if (host !== 'kurir' || method !== 'GET') return new Response(null, { status: 403 })
    const { status, headers, body } = await files(decodeURI(pathname))
    return new Response(body, { status, headers })
  })
}
