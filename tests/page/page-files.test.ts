import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { pageFiles, type PageAnswer } from '../../src-main/window-assets/page-files.ts'

let files: (path: string) => Promise<PageAnswer>

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'kurir-page-'))
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'renderer', 'index.html'), '<meta content="__CSP_NONCE__">')
  writeFileSync(join(folder, 'renderer', 'assets', 'main-1.js'), 'let nonce = "__CSP_NONCE__"')
  files = pageFiles(join(folder, 'renderer'))
})

function textOf(answer: PageAnswer): string {
  return new TextDecoder().decode(answer.body)
}

describe('the window’s files', () => {
  test('the page carries the nonce that its policy allows, another each time', async () => {
    const [first, second] = [await files('/'), await files('/index.html')]
    const nonce = /content="([^"]+)"/.exec(textOf(first))?.[1] ?? ''
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16)
    expect(first.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`)
    expect(textOf(second)).not.toBe(textOf(first))
  })

  test('the policy lets nothing in but the page’s own', async () => {
    const policy = (await files('/')).headers['content-security-policy'] ?? ''
    expect(policy.replace(/'nonce-[^']+'/, 'NONCE')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' NONCE; img-src 'self' data: blob:; " +
        "media-src 'self' blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'",
    )
  })

  test('scripts come as they are, and as scripts', async () => {
    const answer = await files('/assets/main-1.js')
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(textOf(answer)).toContain('__CSP_NONCE__')
  })

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '/assets/..\\..\\secret.txt',
    '//secret.txt',
    '/./index.html',
    '/assets',
    '/assets/',
    '',
    'index.html',
    '/index.html\0.js',
    '/__proto__',
  ])('%j leads nowhere', async (path) => {
    expect((await files(path)).status).toBe(404)
  })
})
