import { describe, expect, it } from 'vitest'
import { hostsNamed, listedOriginOf, loopbackHosts, refusalOf } from '../../src-main/api/guard.ts'

const door = { hosts: new Set(loopbackHosts(3210)), origins: new Set(['https://pos.example']) }
const host = 'localhost:3210'

describe('the Host header', () => {
  it.each(['127.0.0.1:3210', 'localhost:3210', 'LocalHost:3210', '[::1]:3210'])('lets in %s', (name) => {
    expect(refusalOf({ host: name }, door)).toBeNull()
  })

  it.each([
    'evil.example:3210',
    'evil.example',
    'localhost',
    'localhost:3211',
    'localhost.:3210',
    '127.0.0.2:3210',
    '127.1:3210',
    '2130706433:3210',
    '::1:3210',
    'localhost:3210.evil.example',
    'evil.example@localhost:3210',
    '',
  ])('refuses "%s"', (name) => {
    expect(refusalOf({ host: name }, door)?.code).toBe('host_not_allowed')
  })

  it('refuses a request without one', () => {
    expect(refusalOf({}, door)?.code).toBe('host_not_allowed')
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
    expect(refusalOf({ host, 'sec-fetch-site': site }, door)).toBeNull()
  })

  it.each(['cross-site', 'same-site', 'anything'])('refuses Sec-Fetch-Site %s', (site) => {
    expect(refusalOf({ host, 'sec-fetch-site': site }, door)?.code).toBe('origin_not_allowed')
  })

  it.each([
    'https://evil.example',
    'null',
    'http://localhost:8080',
    'https://localhost:3210',
    'http://127.0.0.1:3210',
    '',
  ])('refuses Origin "%s"', (origin) => {
    expect(refusalOf({ host, origin }, door)?.code).toBe('origin_not_allowed')
  })

  it('lets in its own origin', () => {
    expect(
      refusalOf({ host, origin: 'http://localhost:3210', 'sec-fetch-site': 'same-origin' }, door),
    ).toBeNull()
  })

  it('does not take its own origin for proof of its own site', () => {
    const headers = { host, origin: 'http://localhost:3210', 'sec-fetch-site': 'cross-site' }
    expect(refusalOf(headers, door)?.code).toBe('origin_not_allowed')
  })

  it('lets in an origin that the operator listed, exactly as listed', () => {
    const listed = { host, origin: 'https://pos.example', 'sec-fetch-site': 'cross-site' }
    expect(refusalOf(listed, door)).toBeNull()
    expect(listedOriginOf(listed, door)).toBe('https://pos.example')
    for (const origin of ['https://pos.example.evil', 'http://pos.example', 'https://pos.example:8443']) {
      expect(refusalOf({ ...listed, origin }, door)?.code).toBe('origin_not_allowed')
      expect(listedOriginOf({ ...listed, origin }, door)).toBeNull()
    }
  })

  it('a listed origin does not open another Host', () => {
    const headers = { host: 'pos.example:3210', origin: 'https://pos.example' }
    expect(refusalOf(headers, door)?.code).toBe('host_not_allowed')
  })

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'x-moz': 'prefetch' },
  ])('refuses what a browser asks ahead: %j', (headers) => {
    expect(refusalOf({ host, ...headers }, door)?.code).toBe('prefetch_refused')
  })

  it('refuses to be asked ahead by a listed origin too', () => {
    const headers = { host, origin: 'https://pos.example', 'sec-purpose': 'prefetch' }
    expect(refusalOf(headers, door)?.code).toBe('prefetch_refused')
  })
})
