import { z } from 'zod'
import { Failure } from '../../lib/failure.ts'
import { mediaTypes } from '../../media/files/media-file.ts'
import {
  flag,
  footer,
  full,
  longText,
  queue,
  quotedId,
  recipients,
  sender,
  text,
  word,
} from '../handlers/common-parameters.ts'
import type { ApiResponse } from '../middleware/responses.ts'
import { keyedRoute, type RequestContext } from '../handlers/api-route.ts'
import { besidesFailure, sendingAnswer, sendingFailures, submit } from '../handlers/submit-call.ts'

/** Callers give up after fifteen seconds and call again. */
const budgetMs = 14_000

const parameters = z.object({
  sender,
  number: recipients,
  media_type: word('What the file is to be shown as.', mediaTypes),
  url: text(
    'A direct link to the file. Left out where the request carries the file itself.',
    16_384,
  ).optional(),
  caption: longText('Shown with the file.').optional(),
  filename: text('The name that the recipient sees.', 255).optional(),
  ppt: flag('For audio: 1 sends a voice note.', ['vn']).optional(),
  ptt: flag('The same as ppt.', ['vn']).optional(),
  viewonce: flag('1 lets the recipient see it once.').optional(),
  footer: footer.optional(),
  msgid: quotedId.optional(),
  full: full.optional(),
  queue: queue.optional(),
})

export const sendMedia = keyedRoute({
  path: '/send-media',
  methods: ['GET', 'POST'],
  right: 'send',
  takesFile: true,
  parameters,
  answer: sendingAnswer,
  documentation: {
    summary: 'Send a file',
    description:
      'By `url`, a direct link, or as multipart/form-data with the file in the field `file`. Answers within 14 ' +
      'seconds, as /send-message does.',
    failures: [
      ...sendingFailures,
      'media_url_invalid',
      'media_address_refused',
      'media_not_direct',
      'media_unreachable',
      'media_timeout',
      'media_too_large',
      'media_empty',
      'media_mismatch',
      'media_unreadable',
      'view_once_unsupported',
      'media_upload_failed',
      'proxy_unreachable',
      'proxy_login_required',
      'proxy_refused',
    ],
    besides: besidesFailure,
    examples: {},
  },
  handle: async (requestContext) => {
    const { media_type: mediaType, caption, filename, ppt, ptt, viewonce } = requestContext.parameters
    const content = {
      kind: 'media' as const,
      mediaType,
      source: sourceOf(requestContext),
      caption: caption ?? null,
      fileName: filename ?? null,
      voice: ppt === true || ptt === true,
      viewOnce: viewonce ?? false,
    }
    const answer = await submit(requestContext, content, budgetMs, withoutEffect(requestContext.parameters))
    return adviseOnCutUrl(answer, requestContext)
  },
})

function sourceOf({ upload, parameters: { url } }: RequestContext<z.output<typeof parameters>>) {
  if (upload !== null && url !== undefined) {
    throw new Failure('parameter_invalid', 'There are a url and a file in this call. Give one of them.', {
      errors: { url: 'is given beside a file' },
    })
  }
  if (upload !== null) return { upload }
  if (url !== undefined) return { url }
  throw new Failure(
    'parameter_missing',
    'Give a url, or send the file itself, with a file name, in the field "file" of a multipart body.',
    {
      errors: { url: 'is required where no file is sent' },
    },
  )
}

/** What is given and not carried out is said: a sound has no text, and only a sound can be a voice note. */
function withoutEffect(given: z.output<typeof parameters>): string[] {
  const notes: string[] = []
  const isSound = given.media_type === 'audio'
  if (isSound && (given.caption !== undefined || given.footer !== undefined))
    notes.push(
      'A sound shows no caption and no footer: they were left out. Send them as a text of their own.',
    )
  if (!isSound && (given.ppt === true || given.ptt === true))
    notes.push('Only a file of media_type audio can be a voice note: ppt and ptt were left out.')
  return notes
}

/**
 * A link that was not encoded ends at its first `&`, and the rest of it became names of the call: its server then knows
 * no such file.
 */
function adviseOnCutUrl(
  answer: ApiResponse,
  requestContext: RequestContext<z.output<typeof parameters>>,
): ApiResponse {
  const { unknownNames } = requestContext
  const [lost] = unknownNames
  const { url } = requestContext.parameters
  const isAboutLink = answer.result === 'media_unreachable' || answer.result === 'media_not_direct'
  if (lost === undefined || url?.includes('?') !== true || !isAboutLink) return answer
  const { body } = answer
  if (typeof body !== 'object' || Buffer.isBuffer(body) || !('msg' in body)) return answer
  const name = lost.slice(0, 40)
  const advice = `The url looks cut at its first "&": the call has a parameter "${name}". URL-encode the url (& is %26).`
  const msg = `${String(body.msg)} ${advice}`
  return { ...answer, body: { ...body, msg, message: msg } }
}
