import { expect, it } from 'vitest'
import { RequestRate, unidentifiedBuckets } from '../../src-main/api/middleware/request-rate.ts'

/** How many of so many addresses are let ask once, at two requests a minute for each network. */
function taken(addresses: string[]): number {
  const rate = new RequestRate(() => 1_000)
  let count = 0
  for (const address of addresses) {
    try {
      rate.takeUnidentified(unidentifiedBuckets('address', address), 2)
      count += 1
    } catch (error) {
      expect(error).toMatchObject({ code: 'too_many_requests' })
    }
  }
  return count
}

it('all addresses of one IPv6 network share a bucket', () => {
  expect(taken(Array.from({ length: 50 }, (_, n) => `2001:db8::${n.toString(16)}`))).toBe(2)
  expect(taken(['fe80::1%eth0', 'fe80::2%eth0', 'fe80:0:0:0:9::1'])).toBe(2)
})

it('addresses of different networks do not, up to ten times as many in all', () => {
  expect(taken(['2001:db8:0:1::1', '2001:db8:0:2::1', '192.168.1.4', '192.168.1.5'])).toBe(4)
  expect(taken(Array.from({ length: 50 }, (_, n) => `2001:db8:${n.toString(16)}::1`))).toBe(20)
})
