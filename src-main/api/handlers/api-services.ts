import type { Devices } from '../../devices/devices.ts'
import type { Keys } from '../../keys/keys.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Media } from '../../media/media.ts'
import type { Messages } from '../../messages/messages.ts'
import type { Settings } from '../../storage/settings/settings.ts'

/** The modules that the API calls, by just what it needs of them. */
export interface ApiServices {
  readonly messages: Pick<
    Messages,
    'submit' | 'get' | 'story' | 'encodedMessage' | 'otherJid' | 'queueDepth' | 'sentCount'
  >
  readonly devices: Pick<
    Devices,
    | 'list'
    | 'get'
    | 'byNumber'
    | 'add'
    | 'pair'
    | 'connect'
    | 'logOut'
    | 'remove'
    | 'lookUp'
    | 'asWhatsAppJson'
    | 'groups'
  >
  readonly keys: Pick<Keys, 'recognise'>
  readonly media: Pick<Media, 'receiveUpload' | 'discardUpload'>
  readonly settings: Pick<Settings, 'get' | 'onChange'>
  readonly log: Logger
  readonly version: string
  /** What kind a device is that a call creates: `custom` where the run pairs with another endpoint. */
  readonly newDeviceKind?: 'whatsapp' | 'custom'
  /** The clock, for tests. */
  readonly now?: () => number
}
