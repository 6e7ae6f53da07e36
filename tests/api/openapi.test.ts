import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { failuresOf } from '../../src-main/api/handlers/route-failures.ts'
import { openApiDocument } from '../../src-main/api/reference/openapi.ts'
import { routes } from '../../src-main/api/routes/routes.ts'
import { failureCodes } from '../../src-main/lib/failure-codes.ts'
import { startMockServices, type MockServices } from './mock-services.ts'

let double: MockServices
beforeAll(async () => {
  double = await startMockServices()
})
afterAll(() => double.api.stop())

interface Operation {
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, { schema: { required: string[] } }> }
  responses: Record<
    string,
    { content: Record<string, { schema: { properties: { code: { enum: string[] } } } }> }
  >
}
type Document = { openapi: string; paths: Record<string, Record<string, Operation>> }

async function fetchDocument(): Promise<Document> {
  return (await (await fetch(`${double.url}/openapi.json`)).json()) as Document
}

it('is a valid OpenAPI 3.1 document', async () => {
  const validator = new Validator()
  const result = await validator.validate({ ...(await fetchDocument()) })
  expect(result).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

it('is refused by the validator when something is wrong with it', async () => {
  const document = openApiDocument(routes, '1', 'http://localhost')
  const result = await new Validator().validate({ ...document, paths: { '/x': { get: { responses: 7 } } } })
  expect(result.valid).toBe(false)
})

it('has every route by each of its methods', async () => {
  const { paths } = await fetchDocument()
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  )
  const real = routes.flatMap(({ path, methods }) =>
    methods.map((method) => `${method.toLowerCase()} ${path.replace(':id', '{id}')}`),
  )
  expect(documented.toSorted()).toEqual(real.toSorted())
})

it('has each code once, under its status', async () => {
  const { paths } = await fetchDocument()
  const refusals = paths['/send-message']?.['post']?.responses ?? {}
  const codes = (status: string) => refusals[status]?.content['application/json']?.schema.properties.code.enum
  expect(codes('429')).toEqual(['too_many_connections', 'too_many_requests', 'queue_full'])
  expect(codes('403')).toEqual(['host_not_allowed', 'origin_not_allowed', 'prefetch_refused'])
  expect(codes('400')).toContain('device_disconnected')
  for (const route of routes) for (const code of failuresOf(route)) expect(failureCodes).toHaveProperty(code)
})

it('has what the failure of a send carries besides: the message that may still arrive, and each recipient', async () => {
  const { paths } = await fetchDocument()
  const properties = (path: string, status: string) =>
    Object.keys(paths[path]?.['get']?.responses[status]?.content['application/json']?.schema.properties ?? {})
  const ofEvery = ['status', 'msg', 'message', 'code', 'errors']
  const ofSends = [...ofEvery, 'id', 'state', 'jid', 'number', 'results', 'notes']
  expect(properties('/send-message', '400')).toEqual(ofSends)
  expect(properties('/send-media', '400')).toEqual(ofSends)
  expect(properties('/send-media', '403')).toEqual(ofEvery)
  expect(properties('/check-number', '400')).toEqual(ofEvery)
})

it('names the parameters of a GET and the body of a POST', async () => {
  const { paths } = await fetchDocument()
  const names = paths['/send-message']?.['get']?.parameters?.map(({ name }) => name)
  expect(names).toEqual([
    'sender',
    'number',
    'message',
    'footer',
    'msgid',
    'full',
    'queue',
    'Idempotency-Key',
  ])
  const body = paths['/send-message']?.['post']?.requestBody?.content['application/json']
  expect(body?.schema.required).toEqual(['sender', 'number', 'message'])
  const asked = paths['/check-number']?.['get']?.parameters?.map(({ name }) => name)
  expect(asked).toEqual(['sender', 'number'])
  expect(paths['/messages/{id}']?.['get']?.parameters).toMatchObject([
    { name: 'id', in: 'path', required: true },
  ])
})

it('comes with a page for people that needs nothing from elsewhere', async () => {
  const response = await fetch(`${double.url}/docs`)
  const page = await response.text()
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect(page).not.toMatch(/<script|src=|@import|url\(/)
  for (const route of routes) expect(page).toContain(route.path.replace(':id', '{id}'))
  for (const language of ['curl', 'PHP', 'JavaScript', 'Python', 'C#', 'VB.NET']) {
    expect(page).toContain(`<h3>${language}</h3>`)
  }
})
