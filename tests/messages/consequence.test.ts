import { expect, test } from 'vitest'
import type { SendOutcome } from '../../src-main/devices/connection/sending/outgoing.ts'
import { sendDecision } from '../../src-main/messages/sending/send-decision.ts'

const refused = (
  code: Extract<SendOutcome, { result: 'refused' }>['code'],
  whatsappCode: number | null = 463,
): SendOutcome => ({ result: 'refused', code, reason: 'no', whatsappCode })
const fresh = { mayHaveLeft: false, refusals: 0 }

test.each<[string, SendOutcome, { mayHaveLeft: boolean; refusals: number }, object]>([
  ['acknowledged', { result: 'acknowledged', at: 7 }, fresh, { step: 'sent', at: 7 }],
  [
    'refused',
    refused('contact_locked'),
    fresh,
    { step: 'failed', failure: { code: 'contact_locked', reason: 'no' } },
  ],
  ['no device', refused('no_recipient_device'), fresh, { step: 'failed' }],
  [
    'not encrypted, for the first time',
    refused('encryption_failed', null),
    fresh,
    { step: 'retry', delay: 15_000, mayHaveLeft: false },
  ],
  [
    'not encrypted, with fresh devices either',
    refused('encryption_failed', null),
    { mayHaveLeft: false, refusals: 1 },
    { step: 'failed', failure: { code: 'encryption_failed' } },
  ],
  [
    'refused by a server in trouble, for the first time',
    refused('refused_by_whatsapp', 503),
    fresh,
    { step: 'retry', delay: 15_000, mayHaveLeft: false },
  ],
  [
    'refused by a server in trouble, a second time',
    refused('refused_by_whatsapp', 500),
    { mayHaveLeft: false, refusals: 1 },
    { step: 'failed', failure: { code: 'refused_by_whatsapp' } },
  ],
  ['refused for good', refused('refused_by_whatsapp', 479), fresh, { step: 'failed' }],
  ['unknown', { result: 'unknown', reason: 'cut' }, fresh, { step: 'retry', mayHaveLeft: true }],
  ['not sent', { result: 'not_sent', reason: 'cut' }, fresh, { step: 'retry', mayHaveLeft: false }],
  [
    'not sent, unknown before',
    { result: 'not_sent', reason: 'cut' },
    { mayHaveLeft: true, refusals: 0 },
    { step: 'retry', mayHaveLeft: true },
  ],
  [
    'refused, unknown before',
    refused('refused_by_whatsapp'),
    { mayHaveLeft: true, refusals: 0 },
    { step: 'retry', mayHaveLeft: true },
  ],
  [
    'refused again and again',
    refused('refused_by_whatsapp'),
    { mayHaveLeft: true, refusals: 2 },
    { step: 'failed' },
  ],
])('%s', (_, outcome, before, consequence) => {
  expect(sendDecision(outcome, before)).toMatchObject(consequence)
})
