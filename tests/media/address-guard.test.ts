import { describe, expect, test } from 'vitest'
import { judge, kindOfAddress, type AddressKind } from '../../src-main/media/fetch/address-guard.ts'
import { readTrustedHosts } from '../../src-main/media/fetch/trusted-hosts.ts'

const refusedKinds: [string, AddressKind][] = [
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['100.127.255.255', 'private'],
  ['169.254.1.1', 'link_local'],
  ['169.254.169.254', 'metadata'],
  ['169.254.170.2', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['192.0.0.192', 'metadata'],
  ['168.63.129.16', 'metadata'],
  ['192.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['192.88.99.1', 'translated'],
  ['198.18.0.1', 'reserved'],
  ['198.19.255.255', 'reserved'],
  ['198.51.100.1', 'reserved'],
  ['203.0.113.1', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.250', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['0000:0000:0000:0000:0000:0000:0000:0001', 'loopback'],
  ['::0.0.0.1', 'loopback'],
  ['::127.0.0.1', 'translated'],
  ['::8.8.8.8', 'translated'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::FFFF:7F00:0001', 'loopback'],
  ['0:0:0:0:0:ffff:10.0.0.1', 'private'],
  ['::ffff:169.254.169.254', 'metadata'],
  ['::ffff:0:127.0.0.1', 'translated'],
  ['64:ff9b::127.0.0.1', 'loopback'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['64:ff9b::a00:1', 'private'],
  ['64:ff9b::169.254.169.254', 'metadata'],
  ['64:ff9b:1::8.8.8.8', 'translated'],
  ['2002:7f00:1::', 'translated'],
  ['2002:a00:1::1', 'translated'],
  ['2002:808:808::1', 'translated'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'translated'],
  ['2001::1', 'translated'],
  ['2a00::5efe:127.0.0.1', 'loopback'],
  ['2a00::200:5efe:10.0.0.1', 'private'],
  ['fe80::5efe:8.8.8.8', 'translated'],
  ['fe80::1', 'link_local'],
  ['fe80::1%eth0', 'link_local'],
  ['febf::1', 'link_local'],
  ['fec0::1', 'private'],
  ['fc00::1', 'private'],
  ['fd12:3456:789a::1', 'private'],
  ['fd00:ec2::254', 'metadata'],
  ['fd20:ce::254', 'metadata'],
  ['ff02::1', 'multicast'],
  ['2001:db8::1', 'reserved'],
  ['2001:10::1', 'reserved'],
  ['3fff::1', 'reserved'],
  ['100::1', 'reserved'],
  ['5f00::1', 'reserved'],
  ['4000::1', 'reserved'],
  ['2002:c0a8:101::5efe:808:808', 'translated'],
  ['2001:db8::5efe:808:808', 'reserved'],
  ['3fff::5efe:808:808', 'reserved'],
  ['localhost', 'unreadable'],
  ['0x7f.1', 'unreadable'],
  ['', 'unreadable'],
  ['1.2.3', 'unreadable'],
]

const open = { trusted: readTrustedHosts([]), ownPorts: [], ownAddresses: [] }

describe('an address', () => {
  test.each(refusedKinds)('%s is %s and refused', (address, kind) => {
    expect(kindOfAddress(address)).toBe(kind)
    expect(judge({ host: address, port: 80, address }, open)).toEqual({ allowed: false, kind })
  })

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '11.0.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '126.255.255.255',
    '128.0.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::1',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('%s is public and open', (address) => {
    expect(judge({ host: 'shop.example', port: 443, address }, open)).toEqual({ allowed: true })
  })
})

describe('a port of this program', () => {
  const rules = {
    trusted: readTrustedHosts(['localhost', '0.0.0.0/0', '::/0']),
    ownPorts: [3210],
    ownAddresses: ['192.168.1.7', '2a00::7'],
  }

  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '192.168.1.7', '2a00::7', '0.0.0.0'])(
    'is refused at %s, whatever is trusted',
    (address) => {
      expect(judge({ host: 'localhost', port: 3210, address }, rules)).toEqual({
        allowed: false,
        kind: 'own_port',
      })
    },
  )

  test('is no reason to refuse another PC', () => {
    expect(judge({ host: '192.168.1.8', port: 3210, address: '192.168.1.8' }, rules)).toEqual({
      allowed: true,
    })
  })
})
