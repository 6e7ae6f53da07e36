import type { Quoted } from '../../devices/connection/sending/outgoing.ts'
import type { DeviceGateway } from './device-gateway.ts'
import type { MessagesTable } from '../store/messages-table.ts'
import type { RequestsTable } from '../store/requests-table.ts'

/** What a caller's `msgid` names: a message of the log where there is one, else the bare id. */
export class QuotedMessages {
  readonly #dependencies: {
    rows: MessagesTable
    requests: RequestsTable
    gateway: Pick<DeviceGateway, 'get'>
  }

  constructor(dependencies: {
    rows: MessagesTable
    requests: RequestsTable
    gateway: Pick<DeviceGateway, 'get'>
  }) {
    this.#dependencies = dependencies
  }

  of(deviceId: string, id: string): Quoted {
    const { rows, requests, gateway } = this.#dependencies
    if (rows.get(id)?.deviceId !== deviceId) return { id, participant: null, message: null }
    const number = gateway.get(deviceId)?.number
    return {
      id,
      participant: typeof number === 'string' ? `${number}@s.whatsapp.net` : null,
      message: requests.encodedMessage(deviceId, id) ?? null,
    }
  }
}
