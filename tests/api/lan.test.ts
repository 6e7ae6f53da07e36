import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import { lanNames } from '../../src-main/api/server/lan-addresses.ts'
import { RequestRate } from '../../src-main/api/middleware/request-rate.ts'
import { secrets, startMockServices, type MockServices } from './mock-services.ts'
import { rawRequest } from './raw-request.ts'

const doubles: MockServices[] = []
async function start(settings: Record<string, string>): Promise<MockServices> {
  const double = await startMockServices(settings)
  doubles.push(double)
  return double
}
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.api.stop()))
})

const outward = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find((address) => !address.internal && address.family === 'IPv4')?.address

const ask = (double: MockServices, address: string, host: string) =>
  rawRequest(
    double.api.port,
    `GET /info-devices?api_key=${secrets.all} HTTP/1.1\r\nHost: ${host}:${String(double.api.port)}\r\nConnection: close\r\n\r\n`,
    address,
  )

describe('access from the LAN', () => {
  it('is off unless it is turned on: nothing is bound, and no name of the LAN lets in', async () => {
    const double = await start({ 'api.lanAddresses': outward ?? '192.0.2.1' })
    expect(double.api.addresses.every((address) => /127\.0\.0\.1|\[::1\]/.test(address))).toBe(true)
    expect((await ask(double, '127.0.0.1', outward ?? '192.0.2.1')).status).toBe(403)
    if (outward !== undefined)
      await expect(fetch(`http://${outward}:${String(double.api.port)}/health`)).rejects.toThrow()
  })

  it.skipIf(outward === undefined)(
    'binds the chosen addresses only, and lets them in by address and by name',
    async () => {
      const address = outward ?? ''
      const double = await start({ 'api.lan': 'true', 'api.lanAddresses': address })
      expect(double.api.addresses).toContain(`http://${address}:${String(double.api.port)}`)
      expect((await ask(double, address, address)).status).toBe(200)
      expect((await ask(double, address, lanNames([])[0] ?? '')).status).toBe(200)
      expect((await ask(double, address, 'evil.example')).status).toBe(403)
    },
  )

  it('goes on without an address that is not there now', async () => {
    const double = await start({ 'api.lan': 'true', 'api.lanAddresses': '192.0.2.1' })
    expect((await ask(double, '127.0.0.1', '127.0.0.1')).status).toBe(200)
    expect(double.api.addresses.join()).not.toContain('192.0.2.1')
  })

  it.skipIf(outward === undefined)(
    'has a limit of 600 requests a minute for each key',
    { timeout: 60_000 },
    async () => {
      const address = outward ?? ''
      const double = await start({ 'api.lan': 'true', 'api.lanAddresses': address })
      const call = async () => {
        const response = await fetch(
          `http://${address}:${String(double.api.port)}/info-devices?api_key=${secrets.all}`,
        )
        await response.text()
        return response.status
      }
      const statuses: number[] = []
      for (let round = 0; round < 40 && !statuses.includes(429); round += 1) {
        statuses.push(...(await Promise.all(Array.from({ length: 50 }, call))))
      }
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(600)
      expect(statuses).toContain(429)
    },
  )
})

describe('a rate', () => {
  it('fills evenly and holds a minute’s worth', () => {
    let now = 0
    const rate = new RequestRate(() => now)
    for (let request = 0; request < 60; request += 1) rate.take('key', 60)
    expect(() => rate.take('key', 60)).toThrow(
      expect.objectContaining({ code: 'too_many_requests', until: 1_000 }),
    )
    now = 1_000
    rate.take('key', 60)
    expect(() => rate.take('key', 60)).toThrow()
    rate.take('another key', 60)
    now = 3_600_000
    for (let request = 0; request < 60; request += 1) rate.take('key', 60)
    expect(() => rate.take('key', 60)).toThrow()
  })

  it('keeps nobody out for as long as the clock was set back', () => {
    let now = 8 * 3_600_000
    const rate = new RequestRate(() => now)
    rate.take('key', 60)
    now = 0
    for (let request = 0; request < 59; request += 1) rate.take('key', 60)
    expect(() => rate.take('key', 60)).toThrow(expect.objectContaining({ until: 1_000 }))
    now = 1_000
    rate.take('key', 60)
  })

  it('of 0 is none', () => {
    const rate = new RequestRate(() => 0)
    for (let request = 0; request < 10_000; request += 1) rate.take('key', 0)
  })
})
