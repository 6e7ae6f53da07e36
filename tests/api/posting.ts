import { afterAll, beforeAll, beforeEach } from 'vitest'
import { secrets, sender, startMockServices, type MockServices } from './mock-services.ts'

/** One for all tests of a file, with nothing in it at the start of each. */
export let double: MockServices
beforeAll(async () => {
  double = await startMockServices()
})
afterAll(() => double.api.stop())
beforeEach(() => {
  double.calls.length = 0
  double.uploads.length = 0
})

export const parameters = { api_key: secrets.all, sender, number: '6285500000500', message: 'Halo dunia' }
export const query = new URLSearchParams(parameters).toString()

export async function post(path: string, body: BodyInit | null, headers: Record<string, string> = {}) {
  const init: RequestInit = { method: 'POST', headers }
  if (body !== null) init.body = body
  const response = await fetch(double.url + path, init)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

export const json = { 'content-type': 'application/json' }
