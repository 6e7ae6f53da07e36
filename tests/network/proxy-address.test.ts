import { describe, expect, it, test } from 'vitest'
import { proxyOfEnvironment } from '../../src-main/egress/environment-proxy.ts'
import { isLoopbackName } from '../../src-main/egress/egress.ts'
import { proxiesOfPac } from '../../src-main/egress/pac-answer.ts'
import { readProxyAddress, withoutPassword } from '../../src-main/egress/proxy-address.ts'

const whatsapp = new URL('https://web.whatsapp.com/')
const none = { user: null, password: null }

describe('the address of a proxy', () => {
  it.each([
    ['http://proxy.lan:3128', { type: 'http', host: 'proxy.lan', port: 3128, ...none }],
    ['http://proxy.lan', { type: 'http', host: 'proxy.lan', port: 80, ...none }],
    ['https://proxy.lan/', { type: 'https', host: 'proxy.lan', port: 443, ...none }],
    ['socks5://[::1]', { type: 'socks5', host: '::1', port: 1080, ...none }],
    ['socks5h://10.0.0.1:9050', { type: 'socks5', host: '10.0.0.1', port: 9050, ...none }],
    [
      'http://kasir:a%40b@10.0.0.1:8080',
      { type: 'http', host: '10.0.0.1', port: 8080, user: 'kasir', password: 'a@b' },
    ],
    [
      'http://kasir@10.0.0.1:8080',
      { type: 'http', host: '10.0.0.1', port: 8080, user: 'kasir', password: '' },
    ],
  ])('%s is read', (text, address) => expect(readProxyAddress(text)).toEqual(address))

  it.each([
    '',
    'system',
    'proxy',
    'ftp://proxy:21',
    'http://',
    'http://proxy:99999',
    'http://proxy:0',
    'https://proxy:0/',
    'socks5://10.0.0.1:0',
    'http://proxy/proxy.pac',
    'http://a b:1',
    'http://%E0%A4%A@h:1',
    '//proxy:1',
  ])('“%s” is none', (text) => expect(readProxyAddress(text)).toBeNull())

  it('is split from its password, which is nowhere in what stays', () => {
    expect(withoutPassword('http://kasir:s%23cret@10.0.0.1:3128/')).toEqual({
      url: 'http://kasir@10.0.0.1:3128',
      password: 's#cret',
    })
    expect(withoutPassword('http://10.0.0.1:3128')).toEqual({ url: 'http://10.0.0.1:3128', password: null })
  })
})

describe('the environment', () => {
  test.each([
    ['HTTPS_PROXY', 'http://a:1', 'a'],
    ['https_proxy', 'a:1', 'a'],
    ['ALL_PROXY', 'socks5://a:1', 'a'],
  ])('names the proxy by %s', (name, value, host) => {
    expect(proxyOfEnvironment(whatsapp, { [name]: value })).toMatchObject({ host, port: 1 })
  })

  it('has HTTP_PROXY for addresses without TLS alone', () => {
    const environment = { HTTP_PROXY: 'http://a:1' }
    expect(proxyOfEnvironment(whatsapp, environment)).toBeNull()
    expect(proxyOfEnvironment(new URL('http://shop.example/'), environment)).toMatchObject({ host: 'a' })
  })

  it('names the variable that cannot be read', () => {
    expect(proxyOfEnvironment(whatsapp, { HTTPS_PROXY: 'ftp://a:1' })).toEqual({ unreadable: 'HTTPS_PROXY' })
  })

  it.each([
    ['*', true],
    ['whatsapp.com', true],
    ['.whatsapp.com', true],
    ['*.whatsapp.com', true],
    ['a.example, web.whatsapp.com:443', true],
    ['web.whatsapp.com:444', false],
    ['app.com', false],
    ['10.0.0.0/8', false],
    ['', false],
  ])('with NO_PROXY=%s leaves WhatsApp out: %s', (list, exempt) => {
    const found = proxyOfEnvironment(whatsapp, { HTTPS_PROXY: 'http://a:1', NO_PROXY: list })
    expect(found === null).toBe(exempt)
  })

  it('reads blocks and addresses in NO_PROXY', () => {
    const of = (url: string, list: string) =>
      proxyOfEnvironment(new URL(url), { HTTP_PROXY: 'http://a:1', no_proxy: list })
    expect(of('http://10.1.2.3/', '10.0.0.0/8')).toBeNull()
    expect(of('http://11.1.2.3/', '10.0.0.0/8')).not.toBeNull()
    expect(of('http://[2001:db8::7]/', '2001:db8::/32')).toBeNull()
    expect(of('http://[2001:db8::7]/', '2001:db8::7')).toBeNull()
    expect(of('http://10.1.2.3/', '10.0.0.0/99')).not.toBeNull()
  })
})

describe('the answer of the system’s settings', () => {
  it('is read way by way, with the ports that each kind has', () => {
    expect(
      proxiesOfPac('PROXY 10.0.0.1:3128; HTTPS secure.lan; SOCKS5 [::1]:9050; SOCKS old.lan; DIRECT'),
    ).toEqual([
      { type: 'http', host: '10.0.0.1', port: 3128, ...none },
      { type: 'https', host: 'secure.lan', port: 443, ...none },
      { type: 'socks5', host: '::1', port: 9050, ...none },
      { type: 'socks4', host: 'old.lan', port: 1080, ...none },
      null,
    ])
    expect(proxiesOfPac('PROXY proxy.lan:80')).toMatchObject([{ port: 80 }])
  })

  it.each(['', 'DIRECT', 'QUIC quic.lan:443', 'nonsense', 'PROXY', ';;'])('“%s” is no proxy', (answer) => {
    expect(proxiesOfPac(answer)).toEqual([null])
  })
})

test.each([
  ['localhost', true],
  ['LOCALHOST.', true],
  ['api.localhost', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['[::ffff:7f00:1]', true],
  ['[::ffff:a00:1]', false],
  ['127.0.0.1.example', false],
  ['10.0.0.1', false],
  ['localhost.example', false],
])('%s is this PC itself: %s', (hostname, is) => expect(isLoopbackName(hostname)).toBe(is))
