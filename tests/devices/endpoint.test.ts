import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import tls, { rootCertificates } from 'node:tls'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Devices } from '../../src-main/devices/devices.ts'
import { endpointsOf } from '../../src-main/devices/connection/endpoint.ts'
import { EgressAgent } from '../../src-main/egress/egress-agent.ts'
import { makeTlsIdentity } from '../../src-main/sandbox/server/tls-certificate.ts'
import { inState, pairedDevice, scanWhenOffered, sendText, startFixture, until } from './devices-fixture.ts'

const options = {
  sandbox: () => ({ url: 'ws://127.0.0.1:1/ws/chat', certificate: 'SANDBOX' }),
  whatsappUrl: 'wss://localhost:2/ws/chat',
  extraCertificates: ['EXTRA'],
}

describe('the endpoint of a kind of device', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('is WhatsApp’s own for real devices, with nothing trusted but what Node trusts', () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const endpoint = endpointsOf(options)('whatsapp')
    expect(endpoint?.url).toBeNull()
    expect(endpoint?.agent.options).toMatchObject({ rejectUnauthorized: true })
    expect(endpoint?.agent.options.ca).toBeUndefined()
  })

  it('trusts the sandbox’s certificate only there, and the extra ones only with --whatsapp-url', () => {
    const endpointOf = endpointsOf(options)
    expect(endpointOf('sandbox')?.agent.options.ca).toEqual(['SANDBOX'])
    expect(endpointOf('custom')?.agent.options.ca).toEqual([...rootCertificates, 'EXTRA'])
    expect(endpointOf('custom')?.url).toBe(options.whatsappUrl)
  })

  it('is nowhere for kinds that this run has none for', () => {
    const endpointOf = endpointsOf({ ...options, sandbox: () => null, whatsappUrl: null })
    expect(endpointOf('sandbox')).toBeNull()
    expect(endpointOf('custom')).toBeNull()
    expect(endpointOf('whatsapp')).not.toBeNull()
  })
})

describe('the agent of an endpoint', () => {
  it('keeps no copy of its certificates for each place that it was connected to', async () => {
    await using trusted = await startTlsServer()
    const agent = endpointsOf({ ...options, extraCertificates: [trusted.root] })('custom')?.agent
    const named = vi.spyOn(Agent.prototype, 'getName')
    try {
      await statusOf(trusted.address, agent)
      const names = named.mock.results.map(({ value }) => String(value))
      expect(names.length).toBeGreaterThan(0)
      for (const name of names) expect(name.length).toBeLessThan(200)
    } finally {
      named.mockRestore()
    }
  })

  it('reads its certificates once, however often it connects, and still trusts nobody else', async () => {
    await using trusted = await startTlsServer()
    await using stranger = await startTlsServer()
    const endpointOf = endpointsOf({ ...options, extraCertificates: [trusted.root] })
    const agent = endpointOf('custom')?.agent
    const read = vi.spyOn(tls, 'createSecureContext')
    try {
      for (const _ of Array.from({ length: 3 })) expect(await statusOf(trusted.address, agent)).toBe(204)
      const ofAllRoots = read.mock.calls.filter(([given]) => Array.isArray(given?.ca))
      expect(ofAllRoots.length).toBeLessThanOrEqual(1)
      await expect(statusOf(stranger.address, agent)).rejects.toMatchObject({
        code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      })
    } finally {
      read.mockRestore()
    }
  })
})

describe('a device of another kind than whatsapp', () => {
  it('never makes any contact with WhatsApp, not even for its version', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('this would be a contact'))
    const connected = vi.spyOn(EgressAgent.prototype, 'createConnection')
    const fixture = await startFixture()
    try {
      const { id } = await pairedDevice(fixture)
      await sendText(fixture.devices, id, '6281234567890@s.whatsapp.net', 'Halo')
      fixture.sandbox.fault({ kind: 'close', code: 405 })
      await until(
        fixture.devices,
        id,
        ({ state }) => state.name === 'waiting' && state.reason === 'version_outdated',
      )
      expect(fetch).not.toHaveBeenCalled()
      const hosts = connected.mock.calls.map(([{ host }]) => host)
      expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']))
    } finally {
      connected.mockRestore()
      fetch.mockRestore()
      await fixture.stop()
    }
  })

  it('may be paired through another address, and stays disconnected in runs without it', async () => {
    const fixture = await startFixture()
    try {
      const devices = await fixture.restart({
        sandbox: () => null,
        whatsappUrl: fixture.sandbox.url,
        extraCertificates: [fixture.sandbox.certificate],
      })
      expect(devices).toBeInstanceOf(Devices)
      const { id } = await devices.add({ kind: 'custom', number: '6285500000044', name: 'Other' })
      await devices.pair(id, 'qr')
      await scanWhenOffered({ devices, sandbox: fixture.sandbox }, id, '6285500000044')
      await until(devices, id, inState('connected'))
      const without = await fixture.restart()
      const { state, paired } = await until(without, id, inState('stopped'))
      expect({ state, paired }).toEqual({
        state: { name: 'stopped', reason: 'not_in_this_run' },
        paired: true,
      })
    } finally {
      await fixture.stop()
    }
  })
})

async function startTlsServer() {
  const { key, certificate, root } = makeTlsIdentity(Date.now())
  const server = createServer({ key, cert: certificate }, (_request, response) => {
    response.writeHead(204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    root,
    address: `https://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function statusOf(address: string, agent: Agent | undefined): Promise<number | undefined> {
  const request = get(address, { agent })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}
