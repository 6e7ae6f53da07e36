import type { ApiResponse } from '../middleware/responses.ts'

/** Names that this PC is called by, in the Host header; those beyond are made anew. */
const maxHosts = 32

/** What an open route is asked for: who asks changes nothing but the address that stands in the document. */
interface DocumentRequest {
  readonly services: { readonly version: string }
  readonly host: string
}

/** Makes a document once for each host and answers with the same bytes from then on: anybody may ask, and often. */
export function madeOncePerHost(make: (version: string, server: string) => ApiResponse) {
  const made = new Map<string, ApiResponse>()
  return ({ services: { version }, host }: DocumentRequest): ApiResponse => {
    const kept = made.get(`${version} ${host}`)
    if (kept !== undefined) return kept
    const answer = make(version, `http://${host}`)
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
    const written = { ...answer, body: Buffer.from(text) }
    if (made.size < maxHosts) made.set(`${version} ${host}`, written)
    return written
  }
}
