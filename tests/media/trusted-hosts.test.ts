import { describe, expect, test } from 'vitest'
import { judge } from '../../src-main/media/fetch/address-guard.ts'
import { readTrustedHosts } from '../../src-main/media/fetch/trusted-hosts.ts'

/** Whether `host:port`, resolved to `address`, is open with these entries. */
function opens(entries: string[], host: string, port: number, address: string): boolean {
  const rules = { trusted: readTrustedHosts(entries), ownPorts: [], ownAddresses: [] }
  return judge({ host, port, address }, rules).allowed
}

describe('a trusted name', () => {
  test.each([
    ['localhost', 'localhost', 80, '127.0.0.1', true],
    ['localhost', 'localhost', 8080, '::1', true],
    ['localhost', 'LOCALHOST', 80, '127.0.0.1', true],
    ['localhost', 'localhost.', 80, '127.0.0.1', true],
    ['Kasir.LAN', 'kasir.lan', 80, '192.168.1.5', true],
    ['kasir.lan.', 'kasir.lan', 80, '10.0.0.5', true],
    ['localhost', '127.0.0.1', 80, '127.0.0.1', false],
    ['localhost', 'localhost.example', 80, '127.0.0.1', false],
    ['localhost', 'sub.localhost', 80, '127.0.0.1', false],
    ['kasir.lan', 'evil.example', 80, '192.168.1.5', false],
    ['kasir.lan:8080', 'kasir.lan', 8080, '192.168.1.5', true],
    ['kasir.lan:8080', 'kasir.lan', 80, '192.168.1.5', false],
    ['kasir.lan:80', 'kasir.lan', 80, '192.168.1.5', true],
    ['kasir.lan:80', 'kasir.lan', 443, '192.168.1.5', false],
    ['kasir.lan', 'kasir.lan', 80, '169.254.169.254', false],
    ['kasir.lan', 'kasir.lan', 80, '169.254.1.1', false],
    ['kasir.lan', 'kasir.lan', 80, '224.0.0.1', false],
    ['kasir.lan', 'kasir.lan', 80, '0.0.0.0', false],
    ['kasir.lan', 'kasir.lan', 80, '2002:7f00:1::', false],
    ['münchen.example', 'xn--mnchen-3ya.example', 80, '10.0.0.1', true],
  ])('%s: %s port %d at %s is open: %s', (entry, host, port, address, expected) => {
    expect(opens([entry], host, port, address)).toBe(expected)
  })
})

describe('a trusted address or block', () => {
  test.each([
    ['127.0.0.1', 'localhost', 80, '127.0.0.1', true],
    ['127.0.0.1', 'localhost', 80, '127.0.0.2', false],
    ['127.0.0.1', 'localhost', 80, '::1', false],
    ['127.0.0.1', '127.0.0.1', 80, '::ffff:127.0.0.1', true],
    ['192.168.1.5:8080', '192.168.1.5', 8080, '192.168.1.5', true],
    ['192.168.1.5:8080', '192.168.1.5', 8081, '192.168.1.5', false],
    ['192.168.1.0/24', 'kasir.lan', 80, '192.168.1.200', true],
    ['192.168.1.0/24', 'kasir.lan', 80, '192.168.2.1', false],
    ['192.168.1.4/31', '192.168.1.6', 80, '192.168.1.6', false],
    ['[::1]:8080', '::1', 8080, '::1', true],
    ['[::1]:8080', '::1', 80, '::1', false],
    ['::1', '::1', 80, '::1', true],
    ['fd12::/16', 'nas.lan', 80, 'fd12::9', true],
    ['fd12::/16', 'nas.lan', 80, 'fd13::9', false],
    ['169.254.169.254', '169.254.169.254', 80, '169.254.169.254', true],
    ['0.0.0.0/0', '0.0.0.0', 80, '0.0.0.0', false],
    ['0.0.0.0/0', '224.0.0.1', 80, '224.0.0.1', false],
    ['0x7f.1', '127.0.0.1', 80, '127.0.0.1', true],
  ])('%s: %s port %d at %s is open: %s', (entry, host, port, address, expected) => {
    expect(opens([entry], host, port, address)).toBe(expected)
  })
})

test.each([
  'http://localhost',
  'localhost/path',
  '192.168.1.0/33',
  '192.168.1.0/x',
  '10.0.0.0/8/8',
  'a b',
  '',
  '*',
  'user@host',
  '::1/129',
  '?',
])('the entry "%s" cannot be read and opens nothing', (entry) => {
  const read = readTrustedHosts([entry])
  expect(read).toEqual({ names: [], blocks: [], unreadable: [entry] })
})
