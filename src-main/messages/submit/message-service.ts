import { randomBytes } from 'node:crypto'
import type { Database } from '../../storage/database/database.ts'
import { Failure } from '../../lib/failure.ts'
import type { MediaType } from '../../media/files/media-file.ts'
import type { DiskSpace } from '../../storage/data-folder/disk-space.ts'
import type { Settings } from '../../storage/settings/settings.ts'
import type { Enqueuer, NewMessage } from './enqueuer.ts'
import { checkAcceptance, failureOf } from './check-acceptance.ts'
import type { Call, CallContent, Submission } from './call.ts'
import type { DeviceGateway } from '../sending/device-gateway.ts'
import { fingerprint } from './fingerprint.ts'
import { findRepeat } from './idempotency.ts'
import { bytesOfCall } from './pending-request.ts'
import type { PendingRequest } from './pending-request.ts'
import type { Message } from '../message.ts'
import type { MessagesTable } from '../store/messages-table.ts'
import type { Outbox } from '../queue/outbox.ts'
import { maxRecipients, recipientEntries } from '../../lib/phone-numbers/recipient-list.ts'
import { recipients, recipientsOfFile } from './call-recipients.ts'
import type { Recipient } from './call-recipients.ts'
import type { MediaPreparation } from '../sending/media-preparation.ts'
import type { QuotedMessages } from '../sending/quoted-messages.ts'
import type { RequestsTable } from '../store/requests-table.ts'
import type { DuplicateTextDetector } from './duplicate-text.ts'
import { availabilityOf } from '../queue/availability.ts'
import type { Submissions } from './submissions.ts'
import { withFooter } from '../log/redact-text.ts'
import type { WaitingQuota } from './waiting-quota.ts'

/** Characters of a text or caption. */
const maxTextCharacters = 65_536

export interface MessageServiceDependencies {
  enqueuer: Enqueuer
  gateway: DeviceGateway
  database: Database
  outbox: Outbox
  mediaPreparation: MediaPreparation
  quotedMessages: QuotedMessages
  requests: RequestsTable
  rows: MessagesTable
  duplicateText: DuplicateTextDetector
  settings: Pick<Settings, 'get'>
  submissions: Submissions
  quota: WaitingQuota
  disk: Pick<DiskSpace, 'isLow' | 'lowSentence'>
  now: () => number
}

/** Takes calls in: reads the recipients, joins a repeat to the call that it repeats, writes the rest down. */
export class MessageService {
  readonly #dependencies: MessageServiceDependencies

  constructor(dependencies: MessageServiceDependencies) {
    this.#dependencies = dependencies
  }

  /** Answers when all is decided or the caller's time is out. Throws Failure where it is refused whole. */
  async submit(call: Call): Promise<Submission> {
    const { mediaPreparation, submissions } = this.#dependencies
    // By a clock that nobody sets.
    const endsAt = performance.now() + call.budgetMs
    const named = this.#recipientsOf(call)
    const text = textOf(call)
    const encoded = await this.#encode(call, text)
    // From here to the rows nothing is waited for, so that two equal calls cannot both be the first.
    const numbers = readable(named)
    const print = fingerprint(call, numbers)
    const earlier = this.#earlierOf(call, print)
    if (earlier !== null) {
      await mediaPreparation.discardUpload(call.content)
      return submissions.deduplicated(earlier, call, named, endsAt)
    }
    const request = this.#accept(call, {
      recipients: numbers,
      kind: kindOf(call.content),
      text,
      fileName: call.content.kind === 'media' ? call.content.fileName : null,
      encoded,
      pending: encoded === null ? { content: call.content, text, quotedId: call.quotedId } : null,
      via: call.via,
      key: call.key,
      fingerprint: print,
      idempotencyKey: call.idempotencyKey,
      queue: call.queue,
      parameters: call.parameters,
    })
    return submissions.first(request, call, named, endsAt)
  }

  /**
   * Sends a message of the log once more, as a new one, which waits for its device if it must. Throws
   * Failure `message_not_found`, `text_not_kept`, or what refuses any call.
   */
  async resend(id: string): Promise<Message> {
    const { rows, requests } = this.#dependencies
    const message = rows.get(id)
    if (message === undefined) {
      throw new Failure('message_not_found', 'This message is no longer in the log.')
    }
    const encoded = requests.encodedMessage(message.deviceId, id) ?? null
    const text = message.kind === 'text' ? rows.wholeText(message.sequence) : null
    if (encoded === null && text === null) {
      throw new Failure(
        'text_not_kept',
        'The content of this message is no longer stored. Write the message again.',
      )
    }
    const call = { deviceId: message.deviceId, queue: true }
    const request = this.#accept(call, {
      recipients: [message.recipient],
      kind: message.kind,
      text: message.text,
      fileName: message.fileName,
      encoded,
      pending:
        encoded === null ? { content: { kind: 'text', text: text ?? '' }, text, quotedId: null } : null,
      via: 'window',
      key: null,
      fingerprint: randomBytes(20),
      idempotencyKey: null,
      queue: true,
      parameters: { resent: id },
    })
    await request.accepted
    const [job] = request.jobs
    if (job === undefined) throw new Error('a request without messages')
    return job.recorded
  }

  /** Writes a call down and sends it on its way, unless it is refused whole. */
  #accept(
    call: Pick<Call, 'deviceId' | 'queue'>,
    newMessage: Omit<NewMessage, 'device' | 'waits' | 'deferred'>,
  ): PendingRequest {
    const { enqueuer, gateway, database, disk, outbox, quota, duplicateText, settings, now } =
      this.#dependencies
    const device = gateway.get(call.deviceId)
    const depth = outbox.depth(call.deviceId)
    const availability = availabilityOf(device, now())
    const acceptanceResult = checkAcceptance({
      stopping: outbox.stopping,
      health: database.health,
      device,
      availability,
      paused: outbox.paused,
      queue: call.queue,
      depth,
      more: newMessage.recipients.length,
      maxQueued: settings.get('api.maxQueued'),
      overQuota: quota.against({
        deviceId: call.deviceId,
        keyId: newMessage.key?.id ?? null,
        messages: newMessage.recipients.length,
        bytes: bytesOfCall(newMessage, newMessage.recipients.length),
      }),
      diskLow: disk.isLow ? { code: 'storage_full', reason: disk.lowSentence } : null,
    })
    if (acceptanceResult.refused !== null || device === undefined) {
      throw failureOf(
        acceptanceResult.refused ?? { code: 'device_not_found', reason: 'There is no such device.' },
      )
    }
    const leavesAtOnce = newMessage.encoded !== null && availability === 'online'
    const deferred = depth > 0 || leavesAtOnce
    const request = enqueuer.accept({ ...newMessage, device, waits: acceptanceResult.waits, deferred })
    outbox.take(request)
    duplicateText.note(request, newMessage.text)
    return request
  }

  #recipientsOf(call: Call): Recipient[] {
    const countryCode = this.#dependencies.settings.get('numbers.countryCode')
    const written = call.recipients.join('|')
    checkRecipientCount(recipientEntries(written).length)
    const named = recipients(written, countryCode)
    // One entry may hold several numbers.
    checkRecipientCount(named.length)
    const [first] = named
    if (first === undefined) {
      throw new Failure('parameter_missing', 'The recipient is missing: give a number.', {
        errors: { number: 'is missing' },
      })
    }
    if ('problem' in first && readable(named).length === 0) {
      throw new Failure(first.problem, first.reason, { errors: { number: first.reason } })
    }
    return call.content.kind === 'media' ? recipientsOfFile(named) : named
  }

  /** The number of the request that this call repeats. */
  #earlierOf(call: Call, print: Uint8Array): number | null {
    const { requests, now } = this.#dependencies
    const { idempotencyKey } = call
    const found = findRepeat(
      { fingerprint: print, idempotencyKey, now: now() },
      idempotencyKey === null ? requests.unanswered(print) : undefined,
      idempotencyKey === null ? undefined : requests.withIdempotencyKey(idempotencyKey, call.key?.id ?? null),
    )
    if (found.as === 'reused') {
      throw new Failure(
        'idempotency_key_reused',
        'The Idempotency-Key was already used for another request. Use a new one for each message.',
      )
    }
    return found.as === 'repeat' ? found.number : null
  }

  /** A text has WhatsApp's form at once; where its device is not there to ask, and for files, later. */
  async #encode(call: Call, text: string | null): Promise<Uint8Array | null> {
    if (call.content.kind !== 'text') return null
    const quoted =
      call.quotedId === null ? null : this.#dependencies.quotedMessages.of(call.deviceId, call.quotedId)
    try {
      return await this.#dependencies.gateway.compose(call.deviceId, {
        kind: 'text',
        text: text ?? '',
        ...(quoted === null ? {} : { quoted }),
      })
    } catch (error) {
      if (error instanceof Failure) return null
      throw error
    }
  }
}

function checkRecipientCount(count: number): void {
  if (count <= maxRecipients) return
  throw new Failure(
    'too_many_recipients',
    `The call names ${count} recipients; at most ${maxRecipients} are allowed. Nothing was sent. Split them into several calls.`,
    { errors: { number: `must name at most ${maxRecipients} recipients` } },
  )
}

function readable(named: readonly Recipient[]): string[] {
  return named.flatMap((one) => ('recipient' in one ? [one.recipient] : []))
}

/** What the recipient will read. Throws Failure `message_too_long`. */
function textOf({ content, footer }: Call): string | null {
  const text = content.kind === 'text' ? content.text : content.caption
  const whole = withFooter(text, footer)
  if (whole !== null && whole.length > maxTextCharacters && Array.from(whole).length > maxTextCharacters) {
    throw new Failure('message_too_long', 'The text is longer than 65,536 characters. Send it in parts.')
  }
  return whole
}

function kindOf(content: CallContent): Message['kind'] {
  if (content.kind === 'text') return 'text'
  return content.voice && content.mediaType === 'audio' ? 'voice' : fileKind(content.mediaType)
}

function fileKind(mediaType: MediaType): Message['kind'] {
  return mediaType === 'image' || mediaType === 'video' || mediaType === 'audio' ? mediaType : 'document'
}
