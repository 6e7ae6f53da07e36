import type { Settings } from '../../storage/settings/settings.ts'
import type { Outbox } from '../queue/outbox.ts'
import type { FailureInfo } from '../log/failure-messages.ts'
import type { WaitingBytes } from './waiting-bytes.ts'

/** Of the messages that may wait for a device, the part that one API key may have where others use it too. */
const maxPartOfKey = 0.5

export interface WaitingQuotaDependencies {
  outbox: Pick<Outbox, 'depthOfKey'>
  waiting: WaitingBytes
  settings: Pick<Settings, 'get'>
  /** Whether another API key than that one, or than the window's none, may send with the device. */
  isShared: (deviceId: string, keyId: string | null) => boolean
}

/** What one key may have waiting, so that no other is kept from sending. */
export class WaitingQuota {
  readonly #dependencies: WaitingQuotaDependencies

  constructor(dependencies: WaitingQuotaDependencies) {
    this.#dependencies = dependencies
  }

  /** What is against a call of so many messages and bytes; null where nothing. */
  against(call: {
    deviceId: string
    keyId: string | null
    messages: number
    bytes: number
  }): FailureInfo | null {
    return this.#checkMessages(call) ?? this.#dependencies.waiting.against(call.keyId, call.bytes)
  }

  #checkMessages({
    deviceId,
    keyId,
    messages,
  }: {
    deviceId: string
    keyId: string | null
    messages: number
  }): FailureInfo | null {
    const { outbox, settings, isShared } = this.#dependencies
    const max = Math.ceil(settings.get('api.maxQueued') * maxPartOfKey)
    const own = outbox.depthOfKey(deviceId, keyId)
    if (own + messages <= max || !isShared(deviceId, keyId)) return null
    const whose = keyId === null ? 'of the window' : 'of this API key'
    return {
      code: 'queue_full',
      reason: `${own} messages ${whose} wait for this device already; where several keys use a device, each may have ${max} (half of the setting api.maxQueued).`,
    }
  }
}
