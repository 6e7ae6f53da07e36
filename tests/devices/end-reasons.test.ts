import type { BinaryNode } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import {
  disconnectActionOf,
  endOf,
  endOfPairing,
} from '../../src-main/devices/lifecycle/disconnect-reasons.ts'
import { boom } from './boom.ts'

describe('the reason of an end', () => {
  it.each([
    [515, 'restart_required', 'reconnect_at_once'],
    [401, 'logged_out', 'unpair'],
    [440, 'replaced', 'stop'],
    [403, 'banned', 'stop'],
    [402, 'banned_for_a_time', 'wait_until'],
    [405, 'version_outdated', 'renew_version'],
    [408, 'silence', 'back_off'],
    [411, 'mismatch', 'unpair'],
    [428, 'line_closed', 'back_off'],
    [500, 'bad_session', 'back_off'],
    [409, 'client_refused', 'wait_long'],
    [429, 'rate_limited', 'wait_long'],
    [503, 'unavailable', 'back_off'],
    [516, 'logged_out', 'unpair'],
    [599, 'unavailable', 'back_off'],
  ] as const)('%i is %s: %s', (code, reason, action) => {
    expect(endOf(boom(code))).toEqual({ reason, code })
    expect(disconnectActionOf(reason)).toBe(action)
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

describe('what the server says last', () => {
  const failure = (attrs: Record<string, string>) => endOf(boom(1), { tag: 'failure', attrs })
  const stream = (attrs: Record<string, string>, ...content: BinaryNode[]) =>
    endOf(boom(500), { tag: 'stream:error', attrs, content })

  it.each([
    ['400', 'unavailable'],
    ['401', 'logged_out'],
    ['403', 'banned'],
    ['405', 'version_outdated'],
    ['406', 'logged_out'],
    ['409', 'client_refused'],
    ['413', 'client_refused'],
    ['414', 'client_refused'],
    ['415', 'unavailable'],
    ['418', 'unavailable'],
    ['429', 'rate_limited'],
    ['500', 'unavailable'],
    ['501', 'unavailable'],
    ['503', 'unavailable'],
    ['599', 'unavailable'],
  ] as const)('at login, %s, is %s', (reason, expected) => {
    expect(failure({ reason })).toEqual({ reason: expected, code: Number(reason) })
  })

  it('at login is nothing that can be acted on where it names no reason', () => {
    expect(failure({})).toEqual({ reason: 'unavailable', code: null })
    expect(failure({ reason: 'sorry' })).toEqual({ reason: 'unavailable', code: null })
  })

  it.each([
    ['101', 'banned_for_strangers'],
    ['102', 'banned_for_blocks'],
    ['103', 'banned_for_groups'],
    ['104', 'banned_for_same_text'],
    ['106', 'banned_for_broadcasts'],
    ['199', 'banned_for_a_time'],
  ] as const)('of a ban with %s is what for, and for how long: %s', (code, expected) => {
    const end = failure({ reason: '402', code, expire: '7200' })
    expect(end).toEqual({ reason: expected, code: 402, forMs: 7_200_000 })
  })

  it('of a ban without a length is a day', () => {
    expect(failure({ reason: '402' })).toMatchObject({ reason: 'banned_for_a_time', forMs: 86_400_000 })
    expect(failure({ reason: '402', expire: '-1' })).toMatchObject({ forMs: 86_400_000 })
  })

  it.each([
    ['an owed acknowledgement', {}, 'ack', 'acknowledgement_owed', null],
    ['a stanza of ours that it cannot read', {}, 'xml-not-well-formed', 'stanza_refused', null],
    ['anything else without a code', {}, 'something-new', 'unavailable', null],
    ['a bad session, which has a code', { code: '500' }, 'text', 'bad_session', 500],
    ['too many connections', { code: '429' }, 'text', 'rate_limited', 429],
    ['a conflict that is none', { code: '409' }, 'text', 'unavailable', 409],
  ] as const)('on a connection is %s', (_what, attrs, tag, reason, code) => {
    expect(stream(attrs, { tag, attrs: {} })).toEqual({ reason, code })
  })

  it('on a connection is a conflict by its type, with and without a code', () => {
    const conflict = (type: string): BinaryNode => ({ tag: 'conflict', attrs: { type } })
    expect(stream({ code: '401' }, conflict('device_removed'))).toEqual({ reason: 'logged_out', code: 401 })
    expect(stream({}, conflict('replaced'))).toEqual({ reason: 'replaced', code: 440 })
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
