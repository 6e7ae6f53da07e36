import { expect, it } from 'vitest'
import { KeysUnavailable } from '../../src-main/devices/session-keys/keys-unavailable.ts'
import { isOfConnection } from '../../src-main/devices/baileys/process/baileys-rejections.ts'
import { boom } from './boom.ts'

it.each([
  ['a Boom', boom(428, 'Connection Closed'), true],
  ['a bare close code', 1006, true],
  ['keys that are not to be had', new KeysUnavailable('closed'), true],
  ['a defect', new TypeError('x is not a function'), false],
  ['another number', 42, false],
  ['nothing', undefined, false],
])('%s that nobody hears: of a line is %j', (_what, reason, expected) => {
  expect(isOfConnection(reason)).toBe(expected)
})
