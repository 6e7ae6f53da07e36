import type { Device } from '../../devices/device.ts'
import type {
  Content,
  Lookup,
  Outgoing,
  Receipt,
  SendOutcome,
} from '../../devices/connection/sending/outgoing.ts'
import type { Listeners } from '../../lib/listeners.ts'
import type {
  FetchProgress,
  MediaFile,
  MediaSource,
  MediaType,
  Upload,
} from '../../media/files/media-file.ts'

/** What messages need of the devices: who can carry them, and the carrying itself. */
export interface DeviceGateway {
  list(): Device[]
  get(id: string): Device | undefined
  readonly onChange: Listeners<Device>
  readonly onRemoved: Listeners<string>
  readonly onReceipt: Listeners<Receipt>
  /** Throws Failure `lookup_failed`, `device_disconnected`. */
  lookUp(id: string, numbers: string[]): Promise<Map<string, Lookup>>
  /** WhatsApp's own form of a content; media are uploaded on the way. Throws Failure. */
  compose(
    id: string,
    content: Content,
    options?: { onProgress?: (bytes: number, total: number) => void; newsletter?: boolean },
  ): Promise<Uint8Array>
  /** Never throws. */
  send(id: string, outgoing: Outgoing): Promise<SendOutcome>
  newMessageId(id: string): string
}

/** What messages need of media. */
export interface Fetcher {
  fetch(wanted: {
    source: MediaSource
    mediaType: MediaType
    fileName: string | null
    voice: boolean
    /** Whose file it is: keys share out the places. */
    keyId: string | null
    onProgress?: (progress: FetchProgress) => void
    signal?: AbortSignal
  }): Promise<MediaFile & { release(): Promise<void> }>
  /** Removes an upload that is needed no more; again: nothing. */
  discardUpload(upload: Pick<Upload, 'path'>): Promise<void>
}
