import type { WAVersion } from '@whiskeysockets/baileys'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Cipher } from '../../storage/settings/cipher.ts'
import type { Device, DeviceKind } from '../device.ts'
import type { DevicesTable } from '../store/devices-table.ts'
import type { Endpoint } from '../connection/endpoint.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { Receipt } from '../connection/sending/outgoing.ts'
import type { SessionKeysTable } from '../session-keys/session-keys-table.ts'
import type { SharedCaches } from '../session-keys/shared-caches.ts'
import type { ChatTimersTable } from '../timers/chat-timers-table.ts'
import type { StanzaSink } from '../trace/stanza-trace.ts'
import type { Slots } from './connection-slots.ts'

/** What all devices share, and what one tells the rest of the program. */
export interface DeviceContext {
  table: DevicesTable
  keysTable: SessionKeysTable
  timersTable: ChatTimersTable
  cipher: Cipher
  caches: SharedCaches
  slots: Slots
  heartbeats: Heartbeat
  log: Logger
  now: () => number
  /** Is told of every stanza; null where nobody traces. */
  trace: StanzaSink | null
  endpointOf: (kind: DeviceKind) => Endpoint | null
  versionFor: (kind: DeviceKind) => Promise<WAVersion>
  renewVersion: (kind: DeviceKind, refused: WAVersion) => Promise<boolean | null>
  getMessage: (deviceId: string, key: { id: string; remoteJid: string }) => Uint8Array | undefined
  /** Whether another device has that number. */
  isTaken: (number: string, deviceId: string) => boolean
  changed: (device: Device) => void
  receipt: (receipt: Receipt) => void
}
