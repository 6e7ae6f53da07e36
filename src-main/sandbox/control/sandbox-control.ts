import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { boundRequests, closeUnread } from '../../api/server/bounded-requests.ts'
import { Connections } from '../../api/server/connections.ts'
import { loopbackHosts, refusalOf } from '../../api/middleware/guard.ts'
import { sentenceOf } from '../../lib/failure.ts'
import { faultKinds } from './faults.ts'
import type { Fault } from './faults.ts'
import { isNumber } from '../accounts/sandbox-numbers.ts'
import type { Sandbox } from '../sandbox.ts'
import { ScanRefused } from '../accounts/scan-refused.ts'

/** How scripts and tests outside the process drive the practice WhatsApp. */
export interface Control {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

const loopback = '127.0.0.1'
const maxControlBodyBytes = 64 * 1024
/** Scripts and tests use a few. */
const maxControlConnections = 64

/** What is wrong with a request; answered with its status, its code and its sentence. */
class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const number = z
  .string()
  .transform((written) => written.replaceAll(/[\s()+.-]/g, ''))
  .refine(isNumber, 'must be a phone number: 7 to 15 digits with country code')
const whole = z.number().int().min(0)

/** A group's or channel's JID will do as well. */
const inboxOf = z.union([number, z.string().regex(/^\d+@(g\.us|newsletter)$/)], {
  error: 'must be a phone number, 7 to 15 digits with country code, or a JID …@g.us or …@newsletter',
})
const everything = 1_000_000

const scanBody = z.strictObject({ qr: z.string().min(1), number })
const codeBody = z.strictObject({ code: z.string().min(8), number })
const logOutBody = z.strictObject({ number })
const accountBody = z.strictObject({
  number,
  lidMigrated: z.boolean().optional(),
  consumer: z.boolean().optional(),
  tokensDemanded: z.boolean().optional(),
})
const faultBody = z
  .strictObject({
    kind: z.enum(faultKinds),
    count: whole.min(1).max(100_000).optional(),
    number: number.optional(),
    code: whole.min(100).max(999).optional(),
    ms: whole.max(600_000).optional(),
    total: whole.max(1_000_000).optional(),
    ban: whole.min(100).max(999).optional(),
    seconds: whole.min(1).max(100_000_000).optional(),
    child: z
      .string()
      .regex(/^[a-z][a-z-]{0,40}$/)
      .optional(),
    by: z.enum(['notification', 'iq']).optional(),
    qr: z.string().min(1).max(1_000).optional(),
    recipient: number.optional(),
  })
  .transform((fault) => ({ ...usualCodes[fault.kind], ...fault }))
  .refine((fault) => fault.kind !== 'login-failure' || fault.code !== undefined, 'code is missing')
  .refine((fault) => fault.kind !== 'new-chat-cap' || fault.total !== undefined, 'total is missing')
  .refine((fault) => !needsTime.has(fault.kind) || fault.ms !== undefined, 'ms is missing')
  .refine((fault) => fault.kind !== 'stream-error' || fault.child !== undefined, 'child is missing')

const needsTime: ReadonlySet<Fault['kind']> = new Set(['slow', 'slow-query', 'media-conn-slow'])

/** Where no code is given: a contact that may not be written to, and a line that is closed in good order. */
const usualCodes: Partial<Record<Fault['kind'], { code: number }>> = {
  'ack-error': { code: 463 },
  close: { code: 428 },
  'media-conn-error': { code: 500 },
  'code-refused': { code: 429 },
}

/** Starts the control interface on loopback; web pages are kept out as they are from the API. */
export async function startControl(sandbox: Sandbox, options: { port?: number } = {}): Promise<Control> {
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 1_000,
  })
  boundRequests(server, new Connections(() => maxControlConnections), (request, response) => {
    void answer(sandbox, port(), request)
      .then((body) => reply(response, 200, body))
      .catch((error: unknown) => refuse(response, error))
  })
  // A client may end its own side and wait for its answer. Node has no option for it.
  Object.assign(server, { httpAllowHalfOpen: true })
  const port = (): number => (server.address() as AddressInfo).port
  server.listen(options.port ?? 0, loopback)
  await once(server, 'listening')
  return {
    url: `http://${loopback}:${port()}`,
    port: port(),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(sandbox: Sandbox, port: number, request: IncomingMessage): Promise<unknown> {
  const refusal = refusalOf(request.headers, { hosts: new Set(loopbackHosts(port)), origins: new Set() })
  if (refusal !== null) throw new Refused(403, refusal.code, refusal.reason)
  // Two slashes, of an address that ends with one and a path that begins so, would begin the name of a host.
  const url = new URL((request.url ?? '/').replace(/^\/{2,}/, '/'), `http://${loopback}`)
  const route = routes[url.pathname]
  if (route === undefined) {
    const sentence = `There is no ${url.pathname}: ${Object.keys(routes).join(', ')}.`
    throw new Refused(404, 'path_unknown', sentence)
  }
  if (request.method !== route.method) {
    throw new Refused(405, 'method_not_allowed', `${url.pathname} is asked by ${route.method}.`)
  }
  return route.answer(sandbox, url.searchParams, route.method === 'POST' ? await bodyOf(request) : undefined)
}

interface Route {
  method: 'GET' | 'POST'
  answer: (sandbox: Sandbox, query: URLSearchParams, body: unknown) => unknown
}

const routes: Record<string, Route> = {
  '/inbox': {
    method: 'GET',
    answer: (sandbox, query) => {
      const asked = query.get('number')
      const limit = read(z.coerce.number().int().min(1), query.get('limit') ?? everything, 'limit')
      const whose = asked === null ? null : read(inboxOf, asked, 'number')
      return sandbox.inbox(whose, limit)
    },
  },
  '/presence': {
    method: 'GET',
    answer: (sandbox, query) => sandbox.appearance(read(number, query.get('number'), 'number')),
  },
  '/reports': { method: 'GET', answer: (sandbox) => sandbox.reports() },
  '/scan': {
    method: 'POST',
    answer: async (sandbox, _query, body) => {
      const { qr, number } = read(scanBody, body)
      await sandbox.scan(qr, number)
      return {}
    },
  },
  '/link-code': {
    method: 'POST',
    answer: async (sandbox, _query, body) => {
      const { code, number } = read(codeBody, body)
      await sandbox.enterCode(code, number)
      return {}
    },
  },
  '/log-out': {
    method: 'POST',
    answer: async (sandbox, _query, body) => {
      await sandbox.logOut(read(logOutBody, body).number)
      return {}
    },
  },
  '/account': {
    method: 'POST',
    answer: async (sandbox, _query, body) => {
      const { number, ...traits } = read(accountBody, body)
      await sandbox.setAccount(number, onlyGiven(traits))
      return {}
    },
  },
  '/fault': {
    method: 'POST',
    answer: (sandbox, _query, body) => {
      sandbox.fault(read(faultBody, body) as Fault)
      return {}
    },
  },
}

/** Without the properties that are undefined. */
function onlyGiven<T extends object>(properties: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as { [Name in keyof T]?: Exclude<T[Name], undefined> }
}

function read<T>(schema: z.ZodType<T>, value: unknown, name = 'body'): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const sentences = result.error.issues.map((issue) => `${issue.path.join('.') || name}: ${issue.message}`)
  throw new Refused(400, 'parameter_invalid', sentences.join('; '))
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > maxControlBodyBytes)
      throw new Refused(413, 'body_too_large', `The body is larger than ${maxControlBodyBytes} bytes.`)
    chunks.push(chunk as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown
  } catch (cause) {
    throw new Refused(400, 'json_invalid', `The body is not JSON: ${sentenceOf(cause)}`)
  }
}

function refuse(response: ServerResponse, cause: unknown): void {
  const error = sentenceOf(cause)
  if (cause instanceof Refused) return reply(response, cause.status, { error, code: cause.code })
  if (cause instanceof ScanRefused) return reply(response, 400, { error, code: cause.code })
  reply(response, 500, { error, code: 'internal_error' })
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  closeUnread(response.req.socket)
  const text = JSON.stringify(body)
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${text}\n`)
}
