import { z } from 'zod'
import { footer, full, longText, queue, quotedId, recipients, sender } from '../handlers/common-parameters.ts'
import { keyedRoute } from '../handlers/api-route.ts'
import { besidesFailure, sendingAnswer, sendingFailures, submit } from '../handlers/submit-call.ts'

/** Callers give up after five seconds and call again. */
const budgetMs = 4_500

export const sendMessage = keyedRoute({
  path: '/send-message',
  methods: ['GET', 'POST'],
  right: 'send',
  parameters: z.object({
    sender,
    number: recipients,
    message: longText('The text.', 'Halo dari Kurir'),
    footer: footer.optional(),
    msgid: quotedId.optional(),
    full: full.optional(),
    queue: queue.optional(),
  }),
  answer: sendingAnswer,
  documentation: {
    summary: 'Send a text',
    description:
      'Answers once WhatsApp has acknowledged the message, within 4.5 seconds. What is not confirmed by then is ' +
      'answered `not_confirmed` and stays in the outbox; the same call again gets its outcome.',
    failures: sendingFailures,
    besides: besidesFailure,
    examples: {
      'A text': { sender: '6285500000000', number: '6285500000500', message: 'Halo dari Kurir' },
      'To several recipients': {
        sender: '6285500000000',
        number: '6285500000500|0855-0000-0501',
        message: 'Stok kembali tersedia',
        footer: 'Toko Maju',
      },
    },
  },
  handle: (requestContext) =>
    submit(requestContext, { kind: 'text', text: requestContext.parameters.message }, budgetMs),
})
