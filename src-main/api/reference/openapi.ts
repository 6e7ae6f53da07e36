import { z } from 'zod'
import { failureCodes, type FailureCode } from '../../lib/failure-codes.ts'
import { statusOf } from '../middleware/responses.ts'
import { failuresOf } from '../handlers/route-failures.ts'
import type { KeyedRoute, Method, Route } from '../handlers/api-route.ts'

type Json = Record<string, unknown>

/**
 * The API as OpenAPI 3.1, made from the schemas that validate its calls, so that it cannot say anything else.
 *
 * @param server where callers reach it, as `http://127.0.0.1:3210`
 */
export function openApiDocument(routes: readonly Route[], version: string, server: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kurir',
      version,
      description:
        'Sends WhatsApp messages through the phones that are paired with Kurir. Parameters may stand in the query ' +
        'and in the body, as JSON, as a form or as multipart; the body wins. `status` says whether it went well; ' +
        'a failure has a stable `code`.',
      license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' },
    },
    servers: [{ url: server }],
    paths: Object.fromEntries(routes.map((route) => [documentedPath(route.path), pathItem(route)])),
    components: {
      securitySchemes: {
        parameter: { type: 'apiKey', in: 'query', name: 'api_key' },
        header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

/** `/messages/:id` as OpenAPI writes it. */
export function documentedPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}')
}

function pathItem(route: Route): Json {
  return Object.fromEntries(route.methods.map((method) => [method.toLowerCase(), operation(route, method)]))
}

function operation(route: Route, method: Method): Json {
  const { summary, description } = route.documentation
  return {
    operationId: `${method.toLowerCase()}${route.path.replaceAll(/[^a-z]+(.)?/gi, (_, letter: string) => letter.toUpperCase())}`,
    summary,
    description,
    security: route.right === null ? [] : [{ header: [] }, { bearer: [] }, { parameter: [] }],
    ...(route.right === null ? {} : request(route, method)),
    responses: { '200': ok(route), ...refusals(route) },
  }
}

function request(route: KeyedRoute, method: Method): Json {
  const schema = jsonSchema(route.parameters)
  const inPath = new Set(Array.from(route.path.matchAll(/:(\w+)/g), ([, name]) => name))
  const required = new Set(schema.required ?? [])
  const parameters = Object.entries(schema.properties)
    .filter(([name]) => method === 'GET' || inPath.has(name))
    .map(([name, { description, ...rest }]) => ({
      name,
      in: inPath.has(name) ? 'path' : 'query',
      required: required.has(name),
      description,
      schema: rest,
    }))
  const header = failuresOf(route).includes('idempotency_key_reused') ? [idempotencyKey] : []
  const body = method === 'POST' ? { requestBody: { content: bodies(route, schema) } } : {}
  return { parameters: [...parameters, ...header], ...body }
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Calls with the same one are the same call, for 24 hours.',
  schema: { type: 'string', maxLength: 255 },
}

function bodies(route: KeyedRoute, schema: ObjectSchema): Json {
  const { examples } = route.documentation
  const named = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]))
  const content = Object.keys(named).length === 0 ? { schema } : { schema, examples: named }
  const withFile = {
    schema: {
      ...schema,
      properties: {
        ...schema.properties,
        file: { type: 'string', contentMediaType: 'application/octet-stream' },
      },
    },
  }
  return {
    'application/json': content,
    'application/x-www-form-urlencoded': content,
    'multipart/form-data': route.takesFile ? withFile : { schema },
  }
}

function ok(route: Route): Json {
  if (route.answer === null) return { description: 'The document.' }
  const { $schema: _, ...schema } = z.toJSONSchema(route.answer) as Json
  return { description: 'It went well.', content: { 'application/json': { schema } } }
}

/** One response for each status, with exactly the codes that come with it. */
function refusals(route: Route): Json {
  const byStatus = Map.groupBy(failuresOf(route), (code) => String(statusOf(code)))
  return Object.fromEntries(
    Array.from(byStatus, ([status, codes]) => [status, refusal(route, status, codes)]),
  )
}

function refusal({ documentation }: Route, status: string, codes: readonly FailureCode[]): Json {
  const { failures, besides } = documentation
  const isItsOwn = codes.some((code) => failures.includes(code))
  return {
    description: codes.map((code) => `\`${code}\`: ${failureCodes[code].meaning}`).join('\n\n'),
    ...(status === '429'
      ? { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds.' } } }
      : {}),
    content: { 'application/json': { schema: failureSchema(codes, isItsOwn ? besides : undefined) } },
  }
}

function failureSchema(codes: readonly FailureCode[], besides: z.ZodObject | undefined): Json {
  return {
    type: 'object',
    required: ['status', 'msg', 'message', 'code'],
    properties: {
      status: { const: false },
      msg: { type: 'string' },
      message: { type: 'string', description: 'The same as msg.' },
      code: { enum: [...codes] },
      errors: { type: 'object', additionalProperties: { type: 'string' }, description: 'By parameter name.' },
      ...(besides === undefined ? {} : jsonSchema(besides).properties),
    },
  }
}

interface ObjectSchema extends Json {
  properties: Record<string, Json>
  required?: string[]
}

function jsonSchema(schema: z.ZodObject): ObjectSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as Json
  return rest as ObjectSchema
}
