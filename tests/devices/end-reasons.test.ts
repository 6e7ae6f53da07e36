import { describe, expect, it } from 'vitest'
import { consequenceOf, endOf, endOfPairing } from '../../src-main/devices/lifecycle/end-reasons.ts'
import { boom } from './boom.ts'

describe('the reason of an end', () => {
  it.each([
    [515, 'restart_required', 'reconnect_at_once'],
    [401, 'logged_out', 'unpair'],
    [440, 'replaced', 'stop'],
    [403, 'banned', 'stop'],
    [402, 'banned', 'stop'],
    [405, 'version_outdated', 'renew_version'],
    [408, 'silence', 'back_off'],
    [411, 'mismatch', 'unpair'],
    [428, 'line_closed', 'back_off'],
    [500, 'bad_session', 'back_off'],
    [503, 'unavailable', 'back_off'],
    [599, 'unavailable', 'back_off'],
  ] as const)('%i is %s: %s', (code, reason, consequence) => {
    expect(endOf(boom(code))).toEqual({ reason, code })
    expect(consequenceOf(reason)).toBe(consequence)
  })

  it.each([
    ['a bare close code', 1006, { reason: 'line_closed', code: 1006 }],
    ['nothing at all', undefined, { reason: 'line_closed', code: null }],
    ['an exception without a code', new Error('bad MAC'), { reason: 'unreachable', code: null }],
    ['no line', boom(408, 'WebSocket Error (connect ECONNREFUSED)'), { reason: 'unreachable', code: 408 }],
    [
      'a busy server',
      boom(503, 'WebSocket Error (Unexpected server response: 503)'),
      { reason: 'unavailable', code: 503 },
    ],
    [
      'a captive portal that answers 401',
      boom(401, 'WebSocket Error (Unexpected server response: 401)'),
      { reason: 'unreachable', code: 401 },
    ],
    [
      'a removed device without a code',
      boom(440, 'Stream Errored (conflict)', { tag: 'conflict', attrs: { type: 'device_removed' } }),
      { reason: 'logged_out', code: 440 },
    ],
    [
      'a conflict under another code',
      boom(500, 'Stream Errored (conflict)', { tag: 'conflict', attrs: { type: 'replaced' } }),
      { reason: 'replaced', code: 500 },
    ],
  ])('reads %s', (_what, cause, end) => {
    expect(endOf(cause)).toEqual(end)
  })
})

describe('the end of a pairing', () => {
  const offered = { offered: true, paired: false }

  it.each([
    ['nobody scanned', 'silence', 408, offered, 'pairing_expired'],
    ['the server never answered', 'silence', 408, { offered: false, paired: false }, 'silence'],
    ['the phone was refused', 'logged_out', 401, offered, 'pairing_refused'],
    ['the signature was wrong', 'unreachable', null, offered, 'pairing_refused'],
    ['there is no line', 'unreachable', 408, { offered: false, paired: false }, 'unreachable'],
    [
      'the restart after pairing',
      'restart_required',
      515,
      { offered: true, paired: true },
      'restart_required',
    ],
  ] as const)('%s', (_what, reason, code, progress, expected) => {
    expect(endOfPairing({ reason, code }, progress).reason).toBe(expected)
  })
})
