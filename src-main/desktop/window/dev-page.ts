import { contentSecurityPolicy, pageHeaders } from '../../window-assets/content-security.ts'
import type { PageAnswer } from '../../window-assets/page-files.ts'

/**
 * In development the window's files come from vite, fetched by main, so that the page keeps its own origin and the
 * transport its checks. Its policy lets in what vite adds: an inline script, styles without a nonce, and the
 * WebSocket that tells of edits. A packaged program never comes here.
 *
 * @param vite the address that electron-vite names in ELECTRON_RENDERER_URL
 */
export function filesFromVite(vite: string): (path: string) => Promise<PageAnswer> {
  const line = new URL(vite).origin.replace('http', 'ws')
  const policy = contentSecurityPolicy('vite')
    .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    .replace("style-src 'self' 'nonce-vite'", "style-src 'self' 'unsafe-inline'")
    .replace("connect-src 'self'", `connect-src 'self' ${line}`)
  return async (path) => {
    const response = await fetch(new URL(path, vite))
    const type = response.headers.get('content-type') ?? 'application/octet-stream'
    const body = new Uint8Array(await response.arrayBuffer())
    return { status: response.ok ? 200 : 404, headers: pageHeaders(policy, type), body }
  }
}
