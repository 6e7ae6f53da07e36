import type { Quoted } from '../devices/connection/sending.ts'
import type { Carrier } from './carrier.ts'
import type { MessagesTable } from './messages-table.ts'
import type { RequestsTable } from './requests-table.ts'

/** What a caller's `msgid` names: a message of the log where there is one, else the bare id. */
export class Quotes {
  readonly #parts: { rows: MessagesTable; requests: RequestsTable; carrier: Pick<Carrier, 'get'> }

  constructor(parts: { rows: MessagesTable; requests: RequestsTable; carrier: Pick<Carrier, 'get'> }) {
    this.#parts = parts
  }

  of(deviceId: string, id: string): Quoted {
    const { rows, requests, carrier } = this.#parts
    if (rows.get(id)?.deviceId !== deviceId) return { id, participant: null, message: null }
    const number = carrier.get(deviceId)?.number
    return {
      id,
      participant: typeof number === 'string' ? `${number}@s.whatsapp.net` : null,
      message: requests.encodedMessage(deviceId, id) ?? null,
    }
  }
}
