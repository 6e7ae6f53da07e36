import type { Device, DeviceKind } from '../devices/device.ts'
import type { Lookup } from '../devices/sending.ts'
import type { Upload } from '../media/media-file.ts'
import type { Call, Submission } from '../messages/call.ts'
import type { Message, StateChange } from '../messages/message.ts'
import type { Logger } from '../logger.ts'
import type { Settings } from '../storage/settings.ts'
import type { Readable } from 'node:stream'
import type { Listeners } from '../listeners.ts'

// until the rooms are there
export type Right = 'send' | 'read' | 'manage'
export interface ApiKey {
  id: string
  name: string
  lastFour: string
  devices: { all: true } | { kind: 'sandbox' } | { ids: string[] }
  rights: Right[]
}
/** The rooms that the API calls, by just what it needs of them. */
export interface House {
  readonly messages: {
    submit(call: Call): Promise<Submission>
    get(id: string): Message | undefined
    story(id: string): StateChange[]
    encodedMessage(deviceId: string, id: string): Uint8Array | undefined
    queueDepth(deviceId?: string): number
    sentCount(deviceId: string): number
  }
  readonly devices: {
    list(): Device[]
    get(id: string): Device | undefined
    byNumber(number: string): Device | undefined
    add(device: { kind: DeviceKind; number: string | null; name: string }): Promise<Device>
    pair(id: string, how: 'qr' | 'code'): Promise<void>
    connect(id: string): Promise<void>
    logOut(id: string): Promise<void>
    remove(id: string): Promise<void>
    lookUp(id: string, numbers: string[]): Promise<Map<string, Lookup>>
    asWhatsAppJson(message: Uint8Array): object
    groups(id: string): Promise<{ id: string; subject: string }[]>
  }
  readonly keys: { authenticate(secret: string, from: string): ApiKey }
  readonly media: {
    receiveUpload(
      stream: Readable,
      part: { fileName: string | null; mimeType: string | null },
    ): Promise<Upload>
  }
  readonly settings: Pick<Settings, 'get'> & { onChange: Listeners<Parameters<Settings['get']>[0]> }
  readonly log: Logger
  readonly version: string
  /** What kind a device is that a call creates: `custom` where the run pairs with another endpoint. */
  readonly newDeviceKind?: 'whatsapp' | 'custom'
  /** The clock, for tests. */
  readonly now?: () => number
}
