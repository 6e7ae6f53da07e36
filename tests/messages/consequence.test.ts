import { expect, test } from 'vitest'
import type { SendOutcome } from '../../src-main/devices/connection/sending.ts'
import { consequenceOf } from '../../src-main/messages/consequence.ts'

const refused = (code: Extract<SendOutcome, { result: 'refused' }>['code']): SendOutcome => ({
  result: 'refused',
  code,
  reason: 'no',
  whatsappCode: 463,
})
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
  ['not encrypted', refused('encryption_failed'), fresh, { step: 'failed' }],
  ['unknown', { result: 'unknown', reason: 'cut' }, fresh, { step: 'again', mayHaveLeft: true }],
  ['not sent', { result: 'not_sent', reason: 'cut' }, fresh, { step: 'again', mayHaveLeft: false }],
  [
    'not sent, unknown before',
    { result: 'not_sent', reason: 'cut' },
    { mayHaveLeft: true, refusals: 0 },
    { step: 'again', mayHaveLeft: true },
  ],
  [
    'refused, unknown before',
    refused('refused_by_whatsapp'),
    { mayHaveLeft: true, refusals: 0 },
    { step: 'again', mayHaveLeft: true },
  ],
  [
    'refused again and again',
    refused('refused_by_whatsapp'),
    { mayHaveLeft: true, refusals: 2 },
    { step: 'failed' },
  ],
])('%s', (_, outcome, before, consequence) => {
  expect(consequenceOf(outcome, before)).toMatchObject(consequence)
})
