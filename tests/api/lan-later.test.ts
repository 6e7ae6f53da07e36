import type * as os from 'node:os'
import { afterEach, expect, it, vi } from 'vitest'
import { startMockServices, type MockServices } from './mock-services.ts'

const lan = vi.hoisted(() => ({ isUp: false }))
vi.mock('node:os', async (original) => {
  const module = await original<typeof os>()
  return { ...module, networkInterfaces: () => (lan.isUp ? module.networkInterfaces() : {}) }
})

const { networkInterfaces } = await vi.importActual<typeof os>('node:os')
const outward = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(
    ({ internal, address }) => !internal && /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address),
  )?.address

let double: MockServices | undefined
afterEach(async () => {
  vi.useRealTimers()
  await double?.api.stop()
})

it.skipIf(outward === undefined)('a LAN that comes up after the start is open too', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  double = await startMockServices({ 'api.lan': 'true' })
  const url = `http://${outward ?? ''}:${String(double.api.port)}`
  expect(double.api.addresses).not.toContain(url)
  lan.isUp = true
  vi.advanceTimersByTime(10_000)
  vi.useRealTimers()
  await expect.poll(() => double?.api.addresses).toContain(url)
  expect((await fetch(`${url}/health`)).status).toBe(200)
})
