import type { FailureView } from './messages.ts'
import type { Nothing } from './nothing.ts'

export type Right = 'send' | 'read' | 'manage'
export type KeyDevices = { all: true } | { kind: 'sandbox' } | { ids: string[] }

export interface ApiKey {
  id: string
  name: string
  /** The last characters of the secret, to tell keys apart. */
  lastFour: string
  devices: KeyDevices
  rights: Right[]
  expiresAt: number | null
  createdAt: number
  lastUsedAt: number | null
  lastUsedFrom: string | null
}

export interface WrongKeys {
  count: number
  lastAt: number | null
  lastFrom: string | null
}

export interface ApiStatus {
  state: 'running' | 'stopped' | 'failed'
  /** Where callers reach it, as `http://127.0.0.1:3210`; the first is the one to show. */
  addresses: string[]
  port: number
  lan: boolean
  /** Why it does not run: `port_taken`, `port_not_allowed`, … */
  failure: FailureView | null
  /** The program that has the port, where that can be told. */
  takenBy: string | null
  /** A free port to offer when the wanted one is taken. */
  freePort: number | null
}

export interface AccessLogEntry {
  at: number
  method: string
  route: string
  keyName: string | null
  status: number
  /** `sent`, or a failure's code. */
  result: string
  ms: number
}

/** A parameter that some caller sends and this API does not know. */
export interface UnknownParameter {
  name: string
  route: string
  count: number
  lastAt: number
}

/** A page, or a name of this PC, that was refused and that a setting would let in. */
export interface RefusedCaller {
  kind: 'host' | 'origin'
  value: string
  count: number
  lastAt: number
}

export interface Snippet {
  language: 'curl' | 'php' | 'javascript' | 'python' | 'csharp' | 'vbnet'
  code: string
}

export interface AccessCalls {
  'keys.list': { request: Nothing; answer: { keys: ApiKey[]; wrong: WrongKeys } }
  'keys.create': {
    request: { name: string; devices: KeyDevices; rights: Right[]; expiresAt: number | null }
    answer: { key: ApiKey; secret: string }
  }
  'keys.revoke': { request: { id: string }; answer: null }

  'api.status': { request: Nothing; answer: ApiStatus }
  /** Tries again to open the port, after it was taken. */
  'api.retry': { request: Nothing; answer: ApiStatus }
  /** Newest first. */
  'api.accessLog': { request: { limit: number }; answer: AccessLogEntry[] }
  'api.unknownParameters': { request: Nothing; answer: UnknownParameter[] }
  /** Newest first. */
  'api.refusedCallers': { request: Nothing; answer: RefusedCaller[] }
  /** Lists it in the setting that lets it in, at once. */
  'api.allowRefused': { request: { kind: 'host' | 'origin'; value: string }; answer: null }
  /** The call in each language, filled in with this program's own address. */
  'api.snippets': {
    request: { route: '/send-message' | '/send-media'; parameters: Record<string, string> }
    answer: Snippet[]
  }
}
