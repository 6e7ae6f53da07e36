import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { contentSecurityPolicy, freshNonce, nonceMark, pageHeaders } from './content-security.ts'

export interface PageAnswer {
  status: 200 | 404
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer>
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/**
 * The built window, answered from a list of the files that were there at the start: a path is looked up in
 * that list and never joined to a folder, so that no spelling of it leads anywhere else.
 */
export function pageFiles(folder: string): (path: string) => Promise<PageAnswer> {
  const files = listFiles(folder)
  return async (path) => {
    const [name] = path.split('?', 1)
    const file = files.get(name === '/' ? '/index.html' : (name ?? ''))
    if (file === undefined) return notFound()
    const nonce = freshNonce()
    const type = contentTypes[extname(file)] ?? 'application/octet-stream'
    const content = await readFile(file)
    const body = file.endsWith('.html') ? withNonce(content, nonce) : new Uint8Array(content)
    return { status: 200, headers: pageHeaders(contentSecurityPolicy(nonce), type), body }
  }
}

function listFiles(folder: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    files.set(`/${relative(folder, file).split(sep).join('/')}`, file)
  }
  return files
}

function withNonce(content: Buffer, nonce: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(content.toString('utf8').replaceAll(nonceMark, nonce))
}

function notFound(): PageAnswer {
  const headers = pageHeaders(contentSecurityPolicy(freshNonce()), 'text/plain; charset=utf-8')
  return { status: 404, headers, body: new TextEncoder().encode('There is no such file.\n') }
}
