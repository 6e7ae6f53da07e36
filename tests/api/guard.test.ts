import { describe, expect, it } from 'vitest'
import { hostsNamed, listedOriginOf, loopbackHosts, refusalOf } from '../../src-main/api/middleware/guard.ts'

const accessPolicy = { hosts: new Set(loopbackHosts(3210)), origins: new Set(['https://pos.example']) }
const host = 'localhost:3210'

describe('the Host header', () => {
  // Without a port: programs that write their requests by hand. No browser leaves out a port that is not 80.
  it.each([
    '127.0.0.1:3210',
    'localhost:3210',
    'LocalHost:3210',
    '[::1]:3210',
    'localhost',
    '127.0.0.1',
    '[::1]',
    '127.0.0.1:',
    'localhost.:3210',
  ])('lets in %s', (name) => {
    expect(refusalOf({ host: name }, accessPolicy)).toBeNull()
  })

  it.each([
    'evil.example:3210',
    'evil.example',
    'localhost:3211',
    'localhost..:3210',
    'localhost:3210:',
    '127.0.0.2:3210',
    '127.1:3210',
    '2130706433:3210',
    '::1:3210',
    'localhost:3210.evil.example',
    'evil.example@localhost:3210',
    '',
  ])('refuses "%s"', (name) => {
    expect(refusalOf({ host: name }, accessPolicy)?.code).toBe('host_not_allowed')
  })

  it('refuses a request without one, and says so', () => {
    expect(refusalOf({}, accessPolicy)).toMatchObject({ code: 'host_not_allowed' })
    expect(refusalOf({}, accessPolicy)?.reason).toContain('missing')
  })

  it('lets in a program of this PC that speaks HTTP/1.0, which knows no Host, but no browser', () => {
    const old = { isOldAndLocal: true }
    expect(refusalOf({}, accessPolicy, old)).toBeNull()
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-mode': 'no-cors' },
      { host: 'evil.example' },
    ])
      expect(refusalOf(headers, accessPolicy, old)?.code).toBe('host_not_allowed')
  })

  it('is quoted back, with the setting that lets it in', () => {
    const reason = refusalOf({ host: 'kasir.toko.local:3210' }, accessPolicy)?.reason
    expect(reason).toContain('"kasir.toko.local:3210"')
    expect(reason).toContain('api.hostNames')
  })

  it('may leave out port 80, as browsers do', () => {
    const plain = { hosts: new Set(loopbackHosts(80)), origins: new Set<string>() }
    expect(refusalOf({ host: 'localhost' }, plain)).toBeNull()
    expect(refusalOf({ host: 'localhost:80' }, plain)).toBeNull()
  })

  it('lets in the names of the LAN that the door lists', () => {
    const open = {
      hosts: new Set([...loopbackHosts(3210), ...hostsNamed(['192.168.1.5', 'Kasir-PC'], 3210)]),
      origins: new Set<string>(),
    }
    expect(refusalOf({ host: 'kasir-pc:3210' }, open)).toBeNull()
    expect(refusalOf({ host: '192.168.1.5:3210' }, open)).toBeNull()
    expect(refusalOf({ host: '192.168.1.6:3210' }, open)?.code).toBe('host_not_allowed')
  })
})

describe('pages', () => {
  it.each(['none', 'same-origin'])('lets in Sec-Fetch-Site %s', (site) => {
    expect(refusalOf({ host, 'sec-fetch-site': site }, accessPolicy)).toBeNull()
  })

  it.each(['cross-site', 'same-site', 'anything'])('refuses Sec-Fetch-Site %s', (site) => {
    expect(refusalOf({ host, 'sec-fetch-site': site }, accessPolicy)?.code).toBe('origin_not_allowed')
  })

  it.each([
    'https://evil.example',
    'null',
    'http://localhost:8080',
    'https://localhost:3210',
    'http://127.0.0.1:3210',
    '',
  ])('refuses Origin "%s"', (origin) => {
    expect(refusalOf({ host, origin }, accessPolicy)?.code).toBe('origin_not_allowed')
  })

  it('lets in its own origin', () => {
    expect(
      refusalOf({ host, origin: 'http://localhost:3210', 'sec-fetch-site': 'same-origin' }, accessPolicy),
    ).toBeNull()
  })

  it('does not take its own origin for proof of its own site', () => {
    const headers = { host, origin: 'http://localhost:3210', 'sec-fetch-site': 'cross-site' }
    expect(refusalOf(headers, accessPolicy)?.code).toBe('origin_not_allowed')
  })

  it('lets in an origin that the operator listed, exactly as listed', () => {
    const listed = { host, origin: 'https://pos.example', 'sec-fetch-site': 'cross-site' }
    expect(refusalOf(listed, accessPolicy)).toBeNull()
    expect(listedOriginOf(listed, accessPolicy)).toBe('https://pos.example')
    for (const origin of ['https://pos.example.evil', 'http://pos.example', 'https://pos.example:8443']) {
      expect(refusalOf({ ...listed, origin }, accessPolicy)?.code).toBe('origin_not_allowed')
      expect(listedOriginOf({ ...listed, origin }, accessPolicy)).toBeNull()
    }
  })

  it('takes the origin of the Referer where a browser names no other', () => {
    const from = { host, 'sec-fetch-site': 'cross-site', referer: 'https://pos.example/kasir?x=1' }
    expect(refusalOf(from, accessPolicy)).toBeNull()
    expect(
      refusalOf({ ...from, referer: 'https://evil.example/https://pos.example' }, accessPolicy)?.code,
    ).toBe('origin_not_allowed')
    expect(refusalOf({ ...from, referer: 'https://evil.example/' }, accessPolicy)?.reason).toContain(
      'https://evil.example',
    )
    expect(refusalOf({ ...from, origin: 'https://evil.example' }, accessPolicy)?.code).toBe(
      'origin_not_allowed',
    )
    expect(refusalOf({ host, 'sec-fetch-site': 'cross-site' }, accessPolicy)?.code).toBe('origin_not_allowed')
  })

  it('a listed origin does not open another Host', () => {
    const headers = { host: 'pos.example:3210', origin: 'https://pos.example' }
    expect(refusalOf(headers, accessPolicy)?.code).toBe('host_not_allowed')
  })

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'x-moz': 'prefetch' },
  ])('refuses what a browser asks ahead: %j', (headers) => {
    expect(refusalOf({ host, ...headers }, accessPolicy)?.code).toBe('prefetch_refused')
  })

  it('refuses to be asked ahead by a listed origin too', () => {
    const headers = { host, origin: 'https://pos.example', 'sec-purpose': 'prefetch' }
    expect(refusalOf(headers, accessPolicy)?.code).toBe('prefetch_refused')
  })
})
