import { afterEach } from 'vitest'
import { secrets, sender, startMockServices, type MockServices } from './mock-services.ts'

/** Those that end with the test. */
export const doubles: MockServices[] = []
export async function start(settings: Record<string, string> = {}): Promise<MockServices> {
  const double = await startMockServices(settings)
  doubles.push(double)
  return double
}
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.api.stop()))
})

const parameters = { api_key: secrets.all, sender, number: '6285500000500', message: 'Halo' }
export const query = new URLSearchParams(parameters).toString()

export async function ask(double: MockServices, path: string, init: RequestInit = {}) {
  const response = await fetch(double.url + path, { redirect: 'manual', ...init })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>,
  }
}
