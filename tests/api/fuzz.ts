import {
  array,
  constant,
  constantFrom,
  dictionary,
  integer,
  jsonValue,
  oneof,
  option,
  record,
  sample,
  string,
  webUrl,
  type Arbitrary,
} from 'fast-check'
import { z } from 'zod'
import { failuresOf } from '../../src-main/api/handlers/route-failures.ts'
import { statusOf } from '../../src-main/api/middleware/responses.ts'
import type { Route } from '../../src-main/api/handlers/api-route.ts'
import { routes } from '../../src-main/api/routes/routes.ts'
import { failureCodes, type FailureCode } from '../../src-main/lib/failure-codes.ts'
import type { RealApplication } from './real-application.ts'

/** One request as the fuzzer makes it up. */
export interface Wanted {
  route: string | null
  path: string
  method: string
  place: 'query' | 'json' | 'form' | 'multipart' | 'raw'
  parameters: Record<string, unknown>
  headers: Record<string, string>
  raw: string
}

/** So long may any call take: the longest budget and what a busy machine adds. */
const hangMs = 20_000

/** Numbers that a device may be made under, logged out and deleted; the device that sends is left alone. */
const playground = ['6285500000701', '6285500000702', '6285500000703']

const junk = oneof(
  string({ unit: 'binary', maxLength: 40 }),
  string({ unit: 'grapheme', maxLength: 40 }),
  integer(),
  constantFrom(
    '',
    ' ',
    '0',
    '1',
    'true',
    'null',
    '%',
    '%00',
    '&',
    '|',
    '||',
    '../../etc/passwd',
    "' OR 1=1 --",
  ),
  constantFrom<unknown>(null, true, false, [], {}, ['a'], 1e21, -1, 0.5, Number.MAX_SAFE_INTEGER + 2),
  constant('a').map((letter) => letter.repeat(65_537)),
  jsonValue({ maxDepth: 3 }),
)

const numbers = oneof(
  constantFrom('6285500000500', '0855-0000-0501', '+62 855 0000 0502', '6285500000100', '6285500000200'),
  constantFrom(
    '120363000000000001@g.us',
    '120363999999999999@newsletter',
    '6285500000500|6285500000100',
    '1',
    '9'.repeat(30),
  ),
)

/** What fits a parameter, by its name; URLs lead nowhere that a name server would have to be asked about. */
const fitting: Record<string, Arbitrary<unknown>> = {
  api_key: constant('KEY'),
  sender: oneof(
    { weight: 4, arbitrary: constantFrom('6285500000000', '085500000000', '+62 855 0000 0000') },
    { weight: 1, arbitrary: constantFrom('62899', ...playground) },
  ),
  number: numbers,
  device: constantFrom(...playground, '6285500000000', '12', 'kasir'),
  force: constantFrom('1', true, 'false'),
  message: string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  caption: string({ maxLength: 20 }),
  footer: string({ maxLength: 20 }),
  media_type: constantFrom('image', 'PDF', 'document', 'audio', 'exe'),
  url: oneof(
    constantFrom(
      'http://127.0.0.1:1/a.jpg',
      'http://2130706433/a',
      'file:///etc/passwd',
      'data:text/plain,x',
      '//x',
    ),
    constantFrom(
      'https://drive.google.com/file/d/abc/view',
      'http://[::1]/a',
      'ftp://10.0.0.1/a',
      'http://user@10.0.0.1/',
    ),
  ),
  filename: constantFrom('a.pdf', '../../a', 'nota?.pdf', '💥'),
  id: oneof(constantFrom('3EB0', '%', '..', "'"), webUrl()),
  msgid: constantFrom('3EB0', 'x'.repeat(128)),
  ppt: constantFrom('vn', true, '0'),
  ptt: constantFrom('1', false),
  viewonce: constantFrom('1', '0'),
  full: constantFrom('1', 1, true, 'false', '0'),
  queue: constantFrom('1', 'false'),
}

const oddMethods = constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH')

function methodsFor(route: Route | undefined): Arbitrary<string> {
  const own = route === undefined ? oddMethods : constantFrom<string>(...route.methods)
  return oneof({ weight: 12, arbitrary: own }, { weight: 1, arbitrary: oddMethods })
}

/** The device that all the others send with must not be logged out. */
function destroys(route: Route | undefined): boolean {
  return route?.path === '/logout-device' || route?.path === '/delete-device'
}

function parametersOf(route: Route | undefined): Arbitrary<Record<string, unknown>> {
  const names = route === undefined || route.right === null ? ['id'] : Object.keys(route.parameters.shape)
  const fields = Object.fromEntries(
    [...names, 'api_key'].map((name) => {
      const fits =
        name === 'sender' && destroys(route) ? constantFrom(...playground) : (fitting[name] ?? junk)
      return [
        name,
        option(oneof({ weight: 7, arbitrary: fits }, { weight: 1, arbitrary: junk }), {
          freq: 9,
          nil: undefined,
        }),
      ]
    }),
  )
  const extras = dictionary(string({ maxLength: 10 }), junk, { maxKeys: 2 })
  return record({ known: record(fields), extras: option(extras, { nil: {} }) }).map(({ known, extras }) => {
    const all = { ...extras, ...known }
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  })
}

const headers: Arbitrary<Record<string, string>> = oneof(
  { weight: 16, arbitrary: constant({}) },
  {
    weight: 1,
    arbitrary: record({
      'content-type': constantFrom('text/xml', 'multipart/form-data', 'application/json; charset=x'),
    }),
  },
  { weight: 1, arbitrary: record({ 'x-api-key': constantFrom('KEY', 'wrong', '') }) },
  {
    weight: 1,
    arbitrary: record({ authorization: constantFrom('Bearer KEY', 'Bearer', 'Basic eDp5', 'bearer wrong') }),
  },
  {
    weight: 1,
    arbitrary: record({
      'idempotency-key': string({ unit: constantFrom('a', 'b', '-'), minLength: 1, maxLength: 300 }),
    }),
  },
  { weight: 1, arbitrary: record({ origin: constantFrom('https://evil.example', 'null') }) },
  { weight: 1, arbitrary: record({ 'sec-fetch-site': constantFrom('none', 'same-origin', 'cross-site') }) },
  { weight: 1, arbitrary: record({ 'sec-purpose': constantFrom('prefetch', 'x') }) },
)

const places: Arbitrary<Wanted['place']> = oneof(
  { weight: 6, arbitrary: constantFrom<Wanted['place'][]>('query', 'json', 'form', 'multipart') },
  { weight: 1, arbitrary: constant<Wanted['place']>('raw') },
)

const target = oneof(
  { weight: 12, arbitrary: constantFrom(...routes).map((route) => ({ route, path: route.path })) },
  {
    weight: 1,
    arbitrary: constantFrom('/', '/nowhere', '/send-message/x', '//', '/%', '/messages/').map((path) => ({
      path,
    })),
  },
)

const request: Arbitrary<Wanted> = target.chain(({ path, ...known }) => {
  const route = 'route' in known ? known.route : undefined
  return record({
    route: constant(route?.path ?? null),
    path: constantFrom(path, path, path, path.toUpperCase(), `${path}/`),
    method: methodsFor(route),
    place: places,
    parameters: parametersOf(route),
    headers,
    raw: oneof(
      string({ unit: 'binary', maxLength: 200 }),
      constantFrom('{', '[]', '{"a":1}', 'a=%&b', '--x\r\n\r\n', '', 'a'.repeat(1_100_000)),
      array(string(), { maxLength: 3 }).map((parts) => parts.join('&')),
    ),
  })
})

/** Made-up requests, the same for the same seed. */
export function someRequests(count: number, seed: number): Wanted[] {
  return sample(request, { numRuns: count, seed })
}

/**
 * Makes one request and says what is wrong with its answer; null when it is one that the documentation allows.
 */
export async function complaintAbout(real: RealApplication, wanted: Wanted): Promise<string | null> {
  const init = initOf(real, wanted)
  if (init === null) return null
  let response: Response
  let text: string
  try {
    response = await fetch(init.url, {
      ...init.init,
      redirect: 'manual',
      signal: AbortSignal.timeout(hangMs),
    })
    text = await response.text()
  } catch (error) {
    return `no answer: ${String(error)} ${String((error as Error).cause)}`
  }
  const route = routes.find((one) => one.path === wanted.route)
  if (response.headers.get('x-content-type-options') !== 'nosniff') return 'no nosniff'
  if (wanted.method === 'HEAD')
    return [403, 404, 405, 431].includes(response.status) ? null : `HEAD: ${String(response.status)}`
  return response.status === 200 ? aboutSuccess(route, text) : aboutFailure(route, response, text)
}

function aboutSuccess(route: Route | undefined, text: string): string | null {
  if (route === undefined) return `200 of no route: ${text.slice(0, 200)}`
  if (route.answer === null) return text.length > 1_000 ? null : 'a document that is too short'
  const result = route.answer.safeParse(JSON.parse(text))
  return result.success
    ? null
    : `200 of another shape: ${z.prettifyError(result.error)} ${text.slice(0, 300)}`
}

const failureShape = z.looseObject({
  status: z.literal(false),
  msg: z.string().min(1),
  message: z.string().min(1),
  code: z.enum(Object.keys(failureCodes) as [FailureCode, ...FailureCode[]]),
  errors: z.record(z.string(), z.string()).optional(),
})

function aboutFailure(route: Route | undefined, response: Response, text: string): string | null {
  const about = `${String(response.status)} ${text.slice(0, 300)}`
  if (response.status >= 500) return `a defect: ${about}`
  if (response.status >= 300 && response.status < 400) return `a redirect: ${about}`
  const parsed = failureShape.safeParse(text.startsWith('{') ? JSON.parse(text) : text)
  if (!parsed.success) return `another shape: ${about}`
  const { code, msg, message } = parsed.data
  if (msg !== message) return `msg and message differ: ${about}`
  if (statusOf(code) !== response.status) return `another status than the code's: ${about}`
  if (code === 'path_unknown')
    return route === undefined || route.path === '/messages/:id' ? null : `404: ${about}`
  if (route !== undefined && !failuresOf(route).includes(code))
    return `not documented for ${route.path}: ${about}`
  return null
}

function initOf(real: RealApplication, wanted: Wanted): { url: string; init: RequestInit } | null {
  const parameters = withKey(wanted.parameters, real.key)
  const headers = withKey(wanted.headers, real.key)
  const id = encodeURIComponent(textOf(parameters['id'] ?? 'x').toWellFormed())
  const path = wanted.path.replace(/:id/i, id === '' ? 'x' : id)
  const bodiless = wanted.method === 'GET' || wanted.method === 'HEAD'
  const place = bodiless ? 'query' : wanted.place
  const pairs = Object.entries(parameters).map(([name, value]) => [name, textOf(value)] as [string, string])
  const query = place === 'query' || place === 'raw' ? `?${new URLSearchParams(pairs).toString()}` : ''
  // More than the parser takes; parser-rejections have tests of their own.
  if (query.length > 120_000) return null
  const init: RequestInit = { method: wanted.method, headers }
  if (!bodiless && place !== 'query') init.body = bodyOf(place, pairs, parameters, wanted.raw)
  return { url: real.url + path + query, init }
}

function bodyOf(
  place: Wanted['place'],
  pairs: [string, string][],
  parameters: object,
  raw: string,
): BodyInit {
  if (place === 'json') return new TextEncoder().encode(JSON.stringify(parameters))
  if (place === 'form') return new URLSearchParams(pairs)
  if (place === 'raw') return new TextEncoder().encode(raw)
  const form = new FormData()
  for (const [name, value] of pairs) form.append(name, value)
  if (raw.length % 2 === 1) form.append('file', new Blob([raw]), 'nota.pdf')
  return form
}

function withKey<Values extends Record<string, unknown>>(values: Values, key: string): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace('KEY', key) : value,
    ]),
  ) as Values
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
