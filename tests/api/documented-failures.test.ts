import { afterAll, beforeAll, expect, it } from 'vitest'
import { failuresOf } from '../../src-main/api/handlers/route-failures.ts'
import { routes } from '../../src-main/api/routes/routes.ts'
import type { FailureCode } from '../../src-main/lib/failure-codes.ts'
import { sender, startReal, type RealApplication } from './real-application.ts'

// Each code that a call which sends nothing documents as its own is had from the whole program, and no other.

const unpaired = '6285500000801'
let real: RealApplication
let ofAnother: string
let ofAll: string

beforeAll(async () => {
  real = await startReal()
  const { devices, keys } = real.application
  await devices.add({ kind: 'sandbox', number: unpaired, name: 'Not paired' })
  const other = await devices.add({ kind: 'sandbox', number: '6285500000802', name: 'Other' })
  const key = await keys.create({
    name: 'other',
    devices: { ids: [other.id] },
    rights: ['send', 'read', 'manage'],
    expiresAt: null,
  })
  ofAnother = key.secret
  // A key for some devices only is not told whether there are others.
  const all = {
    name: 'all',
    devices: { all: true },
    rights: ['send', 'read', 'manage'],
    expiresAt: null,
  } as const
  ofAll = (await keys.create({ ...all, rights: [...all.rights] })).secret
})
afterAll(() => real.stop())

type Attempt = () => Promise<FailureCode>

const asking = (path: string, parameters: Record<string, string>, method = 'GET'): Attempt => {
  return async () => {
    const query = new URLSearchParams({ api_key: ofAll, ...parameters }).toString()
    const response = await fetch(`${real.url}${path}?${query}`, { method })
    return ((await response.json()) as { code: FailureCode }).code
  }
}

/** By the key of another device. */
const stranger = (path: string, parameters: Record<string, string>, method = 'GET'): Attempt => {
  return () => asking(path, { ...parameters, api_key: ofAnother }, method)()
}

const number = '6285500000500'
const managing = (path: string): Attempt[] => [
  asking(path, { sender: '62899000' }, 'POST'),
  stranger(path, { sender }, 'POST'),
]
const pairing = (path: string): Attempt[] => [
  asking(path, { device: '62899000' }),
  asking(path, { device: sender }),
  stranger(path, { device: sender }),
  ...['x', '12', '9'.repeat(20)].map((device) => asking(path, { device, force: '1' })),
]

const attempts: Record<string, () => Attempt[]> = {
  '/check-number': () => [
    asking('/check-number', { sender: '62899000', number }),
    asking('/check-number', { sender: unpaired, number }),
    stranger('/check-number', { sender, number }),
    ...['x', '12', '9'.repeat(20)].map((number) => asking('/check-number', { sender, number })),
  ],
  '/groups': () => [
    asking('/groups', { sender: '62899000' }),
    asking('/groups', { sender: unpaired }),
    stranger('/groups', { sender }),
  ],
  '/messages/:id': () => [asking('/messages/3EB0', {})],
  '/logout-device': () => managing('/logout-device'),
  '/delete-device': () => managing('/delete-device'),
  '/generate-qr': () => pairing('/generate-qr'),
  '/generate-code': () => pairing('/generate-code'),
}

/** Of the disk, of a program that stops, of a silent WhatsApp, of a run in another way, of limits: other tests have these. */
const elsewhere = new Set<FailureCode>([
  'storage_full',
  'storage_unavailable',
  'database_damaged',
  'shutting_down',
  'lookup_failed',
  'device_kind_unavailable',
  'pairing_failed',
  'too_many_devices',
  'too_many_pairings',
])

const others = routes.filter(({ path }) => !path.startsWith('/send-'))

it.each(others.map((route) => [route.path, route] as const))('%s', async (path, route) => {
  const had: FailureCode[] = []
  for (const attempt of attempts[path]?.() ?? []) had.push(await attempt())
  const documented = route.documentation.failures.filter((code) => !elsewhere.has(code))
  expect(had.toSorted()).toEqual(documented.toSorted())
})

it('names a missing parameter only where there is one to be missed', () => {
  const demanding = routes.filter((route) => failuresOf(route).includes('parameter_missing'))
  const paths = demanding.map(({ path }) => path)
  expect(paths).toContain('/check-number')
  for (const path of ['/info-devices', '/messages/:id', '/health']) expect(paths).not.toContain(path)
})
