import { rootCertificates } from 'node:tls'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Devices } from '../../src-main/devices/devices.ts'
import { endpointsOf } from '../../src-main/devices/endpoint.ts'
import { inState, pairedDevice, scanWhenOffered, sendText, startRig, until } from './rig.ts'

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

describe('a device of another kind than whatsapp', () => {
  it('never makes any contact with WhatsApp, not even for its version', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('this would be a contact'))
    const rig = await startRig()
    try {
      const { id } = await pairedDevice(rig)
      await sendText(rig.devices, id, '6281234567890@s.whatsapp.net', 'Halo')
      rig.sandbox.fault({ kind: 'close', code: 405 })
      await until(rig.devices, id, inState('stopped'))
      expect(fetch).not.toHaveBeenCalled()
    } finally {
      fetch.mockRestore()
      await rig.stop()
    }
  })

  it('may be paired through another address, and stays disconnected in runs without it', async () => {
    const rig = await startRig()
    try {
      const devices = await rig.restart({
        sandbox: () => null,
        whatsappUrl: rig.sandbox.url,
        extraCertificates: [rig.sandbox.certificate],
      })
      expect(devices).toBeInstanceOf(Devices)
      const { id } = await devices.add({ kind: 'custom', number: '6285500000044', name: 'Other' })
      await devices.pair(id, 'qr')
      await scanWhenOffered({ devices, sandbox: rig.sandbox }, id, '6285500000044')
      await until(devices, id, inState('connected'))
      const without = await rig.restart()
      const { state, paired } = await until(without, id, inState('stopped'))
      expect({ state, paired }).toEqual({
        state: { name: 'stopped', reason: 'not_in_this_run' },
        paired: true,
      })
    } finally {
      await rig.stop()
    }
  })
})
