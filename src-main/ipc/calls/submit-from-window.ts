import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Message, SubmitAnswer, SubmitRequest } from '../../../src-preload/contract.ts'
import type { Application } from '../../app/app.ts'
import { Failure } from '../../lib/failure.ts'
import type { MediaSource } from '../../media/files/media-file.ts'
import type { Call, CallContent, Result } from '../../messages/submit/call.ts'
import { cleanCharacters, isVisible } from '../../lib/text-encoding/clean-text.ts'
import { recipientEntries } from '../../lib/phone-numbers/recipient-list.ts'
import type { ReceivedFile, Uploads } from '../files/uploads.ts'

/** Milliseconds that a device which is just coming back is waited for, as for a caller of the API. */
const submitBudgetMs = 4_500

/**
 * Sends what the operator wrote. The window follows its rows by itself, so that it is answered as soon as they
 * are accepted, whatever becomes of them.
 *
 * @throws Failure where it is refused whole
 */
export async function submit(
  application: Application,
  uploads: Uploads,
  request: SubmitRequest,
): Promise<SubmitAnswer> {
  const { content } = request
  if (content.kind === 'media' && 'uploadId' in content.source) {
    return uploads.with(content.source.uploadId, (file) => submitFile(application, request, file))
  }
  return submitCall(application, callOf(application, request, null))
}

async function submitFile(
  application: Application,
  request: SubmitRequest,
  file: ReceivedFile,
): Promise<SubmitAnswer> {
  const { media } = application
  const { fileName, mimeType, path } = file
  const upload = await media.receiveUpload(createReadStream(path), { fileName, mimeType })
  try {
    return await submitCall(application, callOf(application, request, { upload }))
  } catch (error) {
    await media.discardUpload(upload)
    throw error
  }
}

async function submitCall({ messages }: Application, call: Call): Promise<SubmitAnswer> {
  const submission = await messages.submit(call)
  const results = submission.results.map((result) => ({
    recipient: result.recipient,
    message: result.message,
    failure: failureOf(result),
  }))
  await submission.markAnswered()
  return { requestId: submission.requestId, results }
}

/** That a message is still on its way is no failure to somebody who sees it move. */
function failureOf({ message, failure }: Result): Result['failure'] {
  return message !== null && isUndecided(message) ? null : failure
}

function isUndecided({ state }: Message): boolean {
  return state === 'queued' || state === 'sending'
}

function callOf({ devices }: Application, request: SubmitRequest, source: MediaSource | null): Call {
  const connected = devices.get(request.deviceId)?.state.name === 'connected'
  return {
    deviceId: request.deviceId,
    recipients: recipientEntries(request.recipients),
    content: contentOf(request.content, source),
    footer: visible(request.footer),
    quotedId: null,
    via: 'window',
    key: null,
    // Who presses the button twice means two messages: nothing is joined.
    idempotencyKey: randomUUID(),
    queue: request.queue,
    budgetMs: connected ? 0 : submitBudgetMs,
    parameters: parametersOf(request),
  }
}

function contentOf(content: SubmitRequest['content'], upload: MediaSource | null): CallContent {
  if (content.kind === 'text') return { ...content, text: requiredText(content.text) }
  const { source } = content
  return {
    ...content,
    caption: visible(content.caption),
    source: upload ?? ('url' in source ? source : { url: '' }),
  }
}

/** Characters that no phone shows are taken out, as of what the API is given. null where nothing can be seen. */
function visible(text: string | null): string | null {
  const clean = text === null ? '' : cleanCharacters(text).trimEnd()
  return isVisible(clean) ? clean : null
}

function requiredText(text: string): string {
  const clean = visible(text)
  if (clean !== null) return clean
  throw new Failure('parameter_missing', 'The message is empty: it has no visible text.', {
    errors: { message: 'is empty' },
  })
}

/** For the row's story: what was asked, without what the row itself says. */
function parametersOf({ content, footer, queue }: SubmitRequest): Record<string, string> {
  const media =
    content.kind === 'media'
      ? {
          media_type: content.mediaType,
          ...('url' in content.source ? { url: content.source.url } : { file: '…' }),
        }
      : {}
  return { ...media, ...(footer === null ? {} : { footer }), ...(queue ? { queue: '1' } : {}) }
}
