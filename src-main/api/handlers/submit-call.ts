import { z } from 'zod'
import type { FailureCode } from '../../lib/failure-codes.ts'
import { Failure } from '../../lib/failure.ts'
import type { CallContent, Result, Submission } from '../../messages/submit/call.ts'
import type { Message } from '../../messages/message.ts'
import { failureResponse, success, type ApiResponse } from '../middleware/responses.ts'
import { recipientEntries } from '../../lib/phone-numbers/recipient-list.ts'
import type { ApiServices } from './api-services.ts'
import { deviceNamed } from './find-device.ts'
import type { RequestContext } from './api-route.ts'

/** Parameters that /send-message and /send-media share. */
export interface SendingParameters {
  sender: string
  number: string
  footer?: string | undefined
  msgid?: string | undefined
  full?: boolean | undefined
  queue?: boolean | undefined
}

export const messageState = z.enum([
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'expired',
])

const otherJid = 'Where WhatsApp knows the recipient by another number: that one, which the message went to.'

const oneResult = z.object({
  number: z
    .string()
    .meta({ description: 'The recipient, normalised; as it was written where it could not be read.' }),
  written: z
    .string()
    .optional()
    .meta({ description: 'The recipient as the call has it, where that is another text.' }),
  status: z.boolean(),
  id: z.string().optional(),
  state: messageState.optional(),
  jid: z.string().optional().meta({ description: otherJid }),
  code: z.string().optional(),
  msg: z.string().optional(),
})

const several = {
  jid: z.string().optional().meta({ description: otherJid }),
  number: z
    .string()
    .optional()
    .meta({ description: 'With one recipient: as it was read, where it was written otherwise.' }),
  results: z
    .array(oneResult)
    .optional()
    .meta({ description: 'With several recipients: what became of each.' }),
  notes: z.array(z.string()).optional().meta({ description: 'What was changed on the way, if anything.' }),
}

/** What a 200 of both says. */
export const sendingAnswer = z.union([
  z.object({
    status: z.literal(true),
    msg: z.string(),
    id: z.string().meta({ description: 'The id of the message, for /messages/{id} and msgid.' }),
    state: messageState,
    ...several,
  }),
  z
    .object({
      status: z.literal(true),
      data: z.object({
        key: z.object({ remoteJid: z.string(), fromMe: z.literal(true), id: z.string() }),
        message: z.record(z.string(), z.unknown()),
        messageTimestamp: z.string().meta({ description: 'Seconds since the epoch.' }),
      }),
      id: z.string(),
      state: messageState,
      ...several,
    })
    .meta({ description: 'With full=1.' }),
])

/** What the body of a failed send has where there is a message already, or were several recipients. */
export const besidesFailure = z.object({
  id: z
    .string()
    .optional()
    .meta({ description: 'The id of the message, for /messages/{id}; left out where none was accepted.' }),
  state: messageState.optional(),
  ...several,
})

/** The failures that a send may have besides those of every call. */
export const sendingFailures = [
  'message_too_long',
  'sender_unknown',
  'sender_not_paired',
  'device_disconnected',
  'device_not_found',
  'key_not_for_device',
  'number_invalid',
  'number_too_short',
  'number_too_long',
  'too_many_recipients',
  'not_on_whatsapp',
  'lookup_failed',
  'not_confirmed',
  'not_sent',
  'no_recipient_device',
  'encryption_failed',
  'refused_by_whatsapp',
  'contact_locked',
  'time_locked',
  'new_chat_quota_used',
  'ceiling_reached',
  'sending_paused',
  'expired',
  'idempotency_key_reused',
  'message_not_found',
  'text_not_kept',
  'queue_full',
  'storage_full',
  'storage_unavailable',
  'database_damaged',
  'shutting_down',
] as const satisfies readonly FailureCode[]

/**
 * Hands a call to the outbox and answers with what became of it inside the budget.
 *
 * @param notes what was given and has no effect
 * @param budgetMs how long callers wait before they give up, counted from the request's arrival
 */
export async function submit(
  requestContext: RequestContext<SendingParameters>,
  content: CallContent,
  budgetMs: number,
  notes: readonly string[] = [],
): Promise<ApiResponse> {
  const { services, key, parameters } = requestContext
  const device = deviceNamed(services, key, parameters.sender, 'sender')
  const submission = await services.messages.submit({
    deviceId: device.id,
    recipients: recipientsOf(parameters.number),
    content,
    footer: parameters.footer ?? null,
    quotedId: parameters.msgid ?? null,
    via: 'api',
    key: { id: key.id, name: key.name },
    idempotencyKey: requestContext.idempotencyKey,
    queue: parameters.queue === true,
    budgetMs: Math.max(0, budgetMs - (performance.now() - requestContext.arrivedAt)),
    parameters: forTheStory(parameters),
  })
  return {
    ...(await answerOf(
      services,
      { ...submission, notes: [...notes, ...submission.notes] },
      parameters.full === true,
    )),
    markAnswered: () => submission.markAnswered(),
    clearAnswered: () => submission.clearAnswered(),
  }
}

function recipientsOf(text: string): string[] {
  const given = recipientEntries(text)
  if (given.length > 0) return given
  throw new Failure('parameter_missing', 'The parameter number is missing or empty.', {
    errors: { number: 'is required' },
  })
}

async function answerOf(
  services: ApiServices,
  submission: Pick<Submission, 'results' | 'notes'>,
  full: boolean,
): Promise<ApiResponse> {
  const best = submission.results.find((result) => result.failure === null && result.message !== null)
  const more = {
    ...recipientsIn(services, submission.results),
    ...(submission.notes.length > 0 ? { notes: submission.notes } : {}),
  }
  if (best?.message == null) return refused(submission.results, more)
  const { id, state } = best.message
  const waits = state === 'queued' || state === 'sending'
  if (full && !waits)
    return success(
      { status: true, data: await asWhatsApp(services, best.message), id, state, ...more },
      'sent',
    )
  return success({ status: true, msg: sentence(waits), id, state, ...more }, waits ? 'queued' : 'sent')
}

function sentence(waits: boolean): string {
  return waits ? 'Message queued; it is sent as soon as possible.' : 'Message sent successfully!'
}

/** Of several failures the one that a caller must know of counts: that something may still arrive. */
function refused(results: readonly Result[], more: object): ApiResponse {
  const waiting = results.find((result) => result.failure?.code === 'not_confirmed')
  const worst = waiting ?? results.find((result) => result.failure !== null)
  if (worst?.failure == null) throw new Error('a submission without any result')
  const { message, failure } = worst
  const row = message === null ? {} : { id: message.id, state: message.state }
  return failureResponse(new Failure(failure.code, failure.reason), { ...row, ...more })
}

function recipientsIn(
  services: ApiServices,
  results: readonly Result[],
): {
  number?: string
  results?: z.output<typeof oneResult>[]
} {
  const [only] = results
  if (results.length > 1) return { results: results.map((result) => resultOf(services, result)) }
  return only === undefined
    ? {}
    : { ...(only.written === undefined ? {} : { number: only.recipient }), ...jidOf(services, only.message) }
}

function jidOf(services: ApiServices, message: Message | null): { jid?: string } {
  const jid = message === null ? null : services.messages.otherJid(message)
  return jid === null ? {} : { jid }
}

function resultOf(
  services: ApiServices,
  { recipient, written, message, failure }: Result,
): z.output<typeof oneResult> {
  return {
    number: recipient,
    ...(written === undefined ? {} : { written }),
    status: failure === null,
    ...(message === null ? {} : { id: message.id, state: message.state }),
    ...jidOf(services, message),
    ...(failure === null ? {} : { code: failure.code, msg: failure.reason }),
  }
}

/** The form that older gateways of this kind answer with when asked for everything. */
async function asWhatsApp(services: ApiServices, message: Message) {
  const { id, recipient, deviceId } = message
  const ownJid = recipient.includes('@') ? recipient : `${recipient}@s.whatsapp.net`
  const encoded = services.messages.encodedMessage(deviceId, id)
  const sentAt =
    services.messages.story(id).find((change) => change.state === 'sent')?.at ?? message.changedAt
  return {
    key: { remoteJid: services.messages.otherJid(message) ?? ownJid, fromMe: true, id },
    message: encoded === undefined ? {} : await services.devices.asWhatsAppJson(encoded),
    messageTimestamp: String(Math.floor(sentAt / 1_000)),
  }
}

/** What the row's story keeps of the call: not its texts, which the row keeps or not as the operator wants. */
function forTheStory(parameters: object): Record<string, string> {
  const kept = Object.entries(parameters).filter(([name, value]) => value !== undefined && !texts.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutQuery(String(value))]))
}

const texts = new Set(['message', 'caption', 'footer'])

// What stands behind the ? of a link is often a secret.
function withoutQuery(value: string): string {
  return /^https?:/i.test(value) ? value.replace(/[?#].*$/s, '') : value
}
