import { describe, expect, test } from 'vitest'
import {
  findRepeat,
  idempotencyWindowMs,
  repeatWindowMs,
} from '../../src-main/messages/submit/idempotency.ts'

describe('whether a call repeats an earlier one', () => {
  const fingerprint = Buffer.from('same')
  const at = 1_000_000
  const unanswered = { number: 7, fingerprint, createdAt: at, toldAt: null }
  const plain = { fingerprint, idempotencyKey: null }
  const keyed = { fingerprint, idempotencyKey: 'k' }
  test.each([
    ['nothing earlier', { ...plain, now: at }, undefined, undefined, { as: 'new' }],
    ['untold', { ...plain, now: at + 1 }, unanswered, undefined, { as: 'repeat', number: 7 }],
    [
      'untold, a moment before 15 minutes',
      { ...plain, now: at + repeatWindowMs - 1 },
      unanswered,
      undefined,
      { as: 'repeat', number: 7 },
    ],
    [
      'untold, after 15 minutes',
      { ...plain, now: at + repeatWindowMs },
      unanswered,
      undefined,
      { as: 'new' },
    ],
    ['told', { ...plain, now: at + 1 }, { ...unanswered, toldAt: at }, undefined, { as: 'new' }],
    [
      'same Idempotency-Key, told',
      { ...keyed, now: at + 1 },
      undefined,
      { ...unanswered, toldAt: at },
      { as: 'repeat', number: 7 },
    ],
    [
      'same Idempotency-Key after an hour',
      { ...keyed, now: at + 3_600_000 },
      undefined,
      unanswered,
      { as: 'repeat', number: 7 },
    ],
    [
      'same Idempotency-Key after 24 hours',
      { ...keyed, now: at + idempotencyWindowMs },
      undefined,
      unanswered,
      { as: 'new' },
    ],
    [
      'same Idempotency-Key, other body',
      { ...keyed, now: at + 1 },
      undefined,
      { ...unanswered, fingerprint: Buffer.from('other') },
      { as: 'reused' },
    ],
    [
      'an Idempotency-Key not seen before, equal content',
      { ...keyed, now: at + 1 },
      unanswered,
      undefined,
      { as: 'new' },
    ],
  ] as const)('%s', (_, call, byContent, byKey, expected) => {
    expect(findRepeat(call, byContent, byKey)).toEqual(expected)
  })
})
