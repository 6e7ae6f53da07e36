import { assert, bigInt, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addressOf,
  isNumber,
  jidOf,
  lidOf,
  numberOfLid,
  ruleOf,
} from '../../src-main/sandbox/accounts/sandbox-numbers.ts'

describe('a practice number', () => {
  it.each([
    ['6285500000000', 'ordinary'],
    ['6285500000099', 'ordinary'],
    ['6285500000100', 'absent'],
    ['6285500000299', 'locked'],
    ['6285500000350', 'unacknowledged'],
    ['6285500000400', 'unread'],
    ['6285500000500', 'ordinary'],
    ['628550000010', 'ordinary'],
    ['62855000001000', 'ordinary'],
    ['14155550123', 'ordinary'],
  ])('%s is %s', (number, rule) => {
    expect(ruleOf(number)).toBe(rule)
  })

  it('is seven to fifteen digits that do not begin with a zero', () => {
    expect(['1234567', '123456789012345'].every(isNumber)).toBe(true)
    expect(['123456', '1234567890123456', '0812345678', '+6281234567', ''].some(isNumber)).toBe(false)
  })

  it('has a LID of sixteen digits that is its own and leads back to it', () => {
    const number = bigInt({ min: 1_000_000n, max: 999_999_999_999_999n }).map(String)
    assert(
      property(number, number, (one, other) => {
        expect(lidOf(one)).toMatch(/^1\d{15}$/)
        expect(numberOfLid(lidOf(one))).toBe(one)
        expect(lidOf(one) === lidOf(other)).toBe(one === other)
      }),
    )
  })

  it('is read from its JIDs, with the device', () => {
    const number = '6281234567890'
    expect(addressOf(jidOf(number, 3))).toEqual({ number, device: 3, server: 's.whatsapp.net' })
    expect(addressOf(jidOf(number, 0, 'lid'))).toEqual({ number, device: 0, server: 'lid' })
    expect(['123@g.us', '5@s.whatsapp.net', '42@lid', 'nonsense', undefined].map(addressOf)).toEqual(
      Array(5).fill(null),
    )
  })
})
