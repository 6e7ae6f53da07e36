import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { doubles, start } from './asking.ts'
import { startMockServices } from './mock-services.ts'

describe('the port', () => {
  it('is the same on 127.0.0.1 and, where there is one, on ::1', async () => {
    const double = await start()
    expect(double.api.addresses[0]).toBe(double.url)
    for (const address of double.api.addresses) expect((await fetch(`${address}/health`)).status).toBe(200)
    expect(double.api.addresses.every((address) => address.endsWith(`:${String(double.api.port)}`))).toBe(
      true,
    )
  })

  it('that another program has is a failure with its own code', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve)
    })
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    await expect(startMockServices({ 'api.port': port })).rejects.toMatchObject({ code: 'port_taken' })
    other.close()
  })

  it('that another program has on ::1 alone is a failure too, and 127.0.0.1 is let go', async ({ skip }) => {
    const other = createServer()
    const listening = new Promise<void>((resolve, reject) => {
      other.once('error', reject)
      other.listen(0, '::1', resolve)
    })
    await listening.catch(() => skip('no IPv6 here'))
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    await expect(startMockServices({ 'api.port': port })).rejects.toMatchObject({ code: 'port_taken' })
    await new Promise((resolve) => {
      other.close(resolve)
    })
    const double = await startMockServices({ 'api.port': port })
    doubles.push(double)
    expect(double.api.port).toBe(Number(port))
  })
})
