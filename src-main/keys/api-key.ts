import { z } from 'zod'
import type { DeviceKind } from '../devices/device.ts'

/** send: messages; read: the log and the devices; manage: pairing, logging out. */
export const rights = ['send', 'read', 'manage'] as const
export type Right = (typeof rights)[number]

/** Characters. */
export const maxKeyNameCharacters = 100

/** Which devices a key is good for. A removed device's id never comes again, so that naming it is harmless. */
export const keyDevicesSchema = z.union([
  z.strictObject({ all: z.literal(true) }),
  z.strictObject({ kind: z.literal('sandbox') }),
  z.strictObject({ ids: z.array(z.string()) }),
])
export type KeyDevices = z.infer<typeof keyDevicesSchema>

/** A key as everybody may see it: its secret is shown once, when it is made, and kept as a hash. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  /** The end of its secret, to tell keys apart. */
  readonly lastFour: string
  readonly devices: KeyDevices
  readonly rights: Right[]
  /** Milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null
  readonly createdAt: number
  readonly lastUsedAt: number | null
  /** The address it was last used from. */
  readonly lastUsedFrom: string | null
}

/** Whether a key is good for doing that with that device. */
export function mayUse(key: ApiKey, device: { id: string; kind: DeviceKind }, right: Right): boolean {
  return key.rights.includes(right) && covers(key.devices, device)
}

/** Whether a device is among those that a key is bound to, whatever its rights. */
export function covers(devices: KeyDevices, device: { id: string; kind: DeviceKind }): boolean {
  if ('all' in devices) return true
  if ('kind' in devices) return device.kind === devices.kind
  return devices.ids.includes(device.id)
}
