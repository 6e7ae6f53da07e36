import { randomBytes } from 'node:crypto'

/** Stands in the built index.html where the nonce of one answer belongs. */
export const nonceMark = '__CSP_NONCE__'

/** A nonce for one answer: 128 bits, as CSP asks for (https://www.w3.org/TR/CSP3/#security-nonces). */
export function freshNonce(): string {
  return randomBytes(16).toString('base64')
}

/**
 * What the window's page may load and reach: its own files and nothing else. Styles that Mantine adds while
 * running carry the nonce; pictures and sound may come from the page's own memory (blob:, data:).
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** The headers that every answer with a file of the window carries. */
export function pageHeaders(policy: string, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  }
}
