import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePdf } from './files/office-files.ts'
import { failureOf, openMedia, type OpenMedia } from './files/open-media.ts'
import { startWebServer, type WebServer } from './files/web-server.ts'

let inside: WebServer
let insideSix: WebServer | null = null
let shop: OpenMedia

beforeAll(async () => {
  inside = await startWebServer((_request, response) => response.end('secret'))
  insideSix = await startWebServer((_request, response) => response.end('secret'), '::1').catch(() => null)
  const names: Record<string, string[]> = {
    'inside.example': ['127.0.0.1'],
    'mixed.example': ['93.184.216.34', '127.0.0.1'],
    'mapped.example': ['::ffff:127.0.0.1'],
    'nat64.example': ['64:ff9b::7f00:1'],
    'sixtofour.example': ['2002:7f00:1::'],
    'lan.example': ['192.168.1.1'],
    [new URL('http://lócal.example').hostname]: ['127.0.0.1'],
    'any.example': ['0.0.0.0'],
    'odd.example': ['not an address'],
    localhost: ['::1', '127.0.0.1'],
    'localhost.': ['127.0.0.1'],
    'cloud.example': ['169.254.169.254'],
  }
  shop = await openMedia({}, { lookUp: (name) => Promise.resolve(names[name] ?? []) })
})

afterAll(async () => {
  await inside[Symbol.asyncDispose]()
  await insideSix?.[Symbol.asyncDispose]()
  await shop[Symbol.asyncDispose]()
})

const fetchFrom = (url: string) =>
  shop.media.fetch({ source: { url }, mediaType: 'document', fileName: null, voice: false })

describe('a way to this PC or its networks', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://127.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.1:PORT/',
    'http://0x7F.0x0.0x0.0x1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://017700000001:PORT/',
    'http://0177.0x0.1:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://%31%32%37.0.0.1:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://127。0。0。1:PORT/',
    'http://１２７.0.0.1:PORT/',
    'http://0:PORT/',
    'http://0.0.0.0:PORT/',
    'http://[::1]:PORT/',
    'http://[0:0:0:0:0:0:0:1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[0000::ffff:7f00:0001]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[::ffff:0:7f00:1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://[64:ff9b:1::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[2001:0:7f00:1::]:PORT/',
    'http://[fe80::1]:PORT/',
    'http://[fc00::1]:PORT/',
    'http:127.0.0.1:PORT/',
    'http:/127.0.0.1:PORT/',
    'http:\\\\127.0.0.1:PORT\\x',
    'HTTP://127.0.0.1:PORT/',
    '  http://127.0.0.1:PORT/  ',
    'ht\ntp://127.0.0.1:PORT/',
    'http://127.0.0.1:PORT#@public.example/',
    'http://localhost:PORT/',
    'http://LocalHost:PORT/',
    'http://localhost.:PORT/',
    'http://ⓛocalhost:PORT/',
    'http://inside.example:PORT/',
    'http://mixed.example:PORT/',
    'http://mapped.example:PORT/',
    'http://nat64.example:PORT/',
    'http://sixtofour.example:PORT/',
    'http://lócal.example:PORT/',
    'http://lan.example/',
    'http://any.example:PORT/',
    'http://odd.example:PORT/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://3232235777/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/latest/',
    'http://[::ffff:a9fe:a9fe]/latest/',
    'http://cloud.example/computeMetadata/v1/',
    'http://[fd00:ec2::254]/latest/',
    'http://100.100.100.200/latest/',
    'http://168.63.129.16/metadata',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'https://127.0.0.1:PORT/',
    'https://[::1]:PORT/',
  ])('%s is refused', async (pattern) => {
    const failure = await failureOf(fetchFrom(pattern.replace('PORT', String(inside.port))))
    expect(failure.code).toBe('media_address_refused')
    expect(inside.asked).toEqual([])
    expect(insideSix?.asked ?? []).toEqual([])
  })

  test('the refusal of a private address names the setting that would open it', async () => {
    const failure = await failureOf(fetchFrom('http://192.168.1.1/receipt.pdf'))
    expect(failure.message).toContain('media.trustedHosts')
    expect(failure.message).toContain('192.168.1.1')
  })
})

test.each([
  'http://user@127.0.0.1/',
  'http://user:password@shop.example/',
  'http://shop.example@127.0.0.1/',
  'file:///etc/passwd',
  'FILE:///etc/passwd',
  'file://localhost/etc/passwd',
  'fi\tle:///etc/passwd',
  '/etc/passwd',
  './receipt.pdf',
  '../../etc/passwd',
  '~/receipt.pdf',
  'receipt.pdf',
  'C:\\receipts\\1.pdf',
  'C:/receipts/1.pdf',
  'c:1.pdf',
  '\\\\server\\share\\1.pdf',
  '//server/share/1.pdf',
  '\\\\?\\C:\\1.pdf',
  'data:image/png;base64,AAAA',
  'data:,x',
  'ftp://shop.example/1.pdf',
  'gopher://127.0.0.1/',
  'dict://127.0.0.1/',
  'javascript:alert(1)',
  'blob:http://x/1',
  'about:blank',
  'unix:/var/run/docker.sock',
  'shop.example/1.pdf',
  'localhost:8080/1.pdf',
  'http://',
  'http://a b/',
  'https://exa mple/',
  'http://[::1',
  'http://256.256.256.256/',
  'http://1.2.3.4.5/',
  '',
])('%j is no address that is fetched, and no path that is opened', async (url) => {
  const failure = await failureOf(fetchFrom(url))
  expect(failure.code).toBe('media_url_invalid')
  expect(failure.errors).toHaveProperty('url')
})

describe('a redirect', () => {
  const redirecting = (location: string, status = 302) =>
    startWebServer((_request, response) => response.writeHead(status, { location }).end())

  async function follow(location: string, status?: number) {
    await using server = await redirecting(location, status)
    await using room = await openMedia({ 'media.trustedHosts': `localhost:${server.port}` })
    const url = `${server.origin}/start`
    return await failureOf(
      room.media.fetch({ source: { url }, mediaType: 'document', fileName: null, voice: false }),
    )
  }

  test.each([301, 302, 303, 307, 308])('of status %d is judged like a first address', async (status) => {
    const failure = await follow(`http://localhost:${inside.port}/`, status)
    expect(failure.code).toBe('media_address_refused')
  })

  test.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://169.254.169.254/latest/',
    '//127.0.0.1:PORT/',
    '\\\\127.0.0.1:PORT\\',
    'https://192.168.1.1/',
  ])('to %s is refused', async (location) => {
    const failure = await follow(location.replace('PORT', String(inside.port)))
    expect(failure.code).toBe('media_address_refused')
    expect(inside.asked).toEqual([])
  })

  test.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://x/y', 'http://u:p@shop.example/'])(
    'to %s is refused as an address',
    async (location) => expect((await follow(location)).code).toBe('media_url_invalid'),
  )

  test('to a page of a sharing site is recognised by its address', async () => {
    const failure = await follow('https://drive.google.com/file/d/1AbC_d/view')
    expect(failure.code).toBe('media_not_direct')
  })
})

describe('a DNS answer that changes', () => {
  test('between the check and the connection changes nothing: one answer serves both', async () => {
    await using honest = await startWebServer((_request, response) => response.end(makePdf()))
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2']
    const asked: string[] = []
    const lookUp = (name: string) => {
      asked.push(name)
      return Promise.resolve([answers.shift() ?? '127.0.0.2'])
    }
    await using room = await openMedia({ 'media.trustedHosts': '127.0.0.1' }, { lookUp })
    const url = `http://rebinding.example:${honest.port}/1.pdf`
    const request = { source: { url }, mediaType: 'pdf', fileName: null, voice: false } as const
    const file = await room.media.fetch(request)
    expect(asked).toEqual(['rebinding.example'])
    await file.release()
    expect((await failureOf(room.media.fetch(request))).code).toBe('media_address_refused')
  })

  test('between two hops of a redirect is judged again', async () => {
    await using honest = await startWebServer((request, response) =>
      request.url === '/start'
        ? response.writeHead(302, { location: '/next' }).end()
        : response.end(makePdf()),
    )
    const answers = ['127.0.0.1', '10.0.0.1']
    await using room = await openMedia(
      { 'media.trustedHosts': '127.0.0.1' },
      { lookUp: () => Promise.resolve([answers.shift() ?? '10.0.0.1']) },
    )
    const url = `http://rebinding.example:${honest.port}/start`
    const failure = await failureOf(
      room.media.fetch({ source: { url }, mediaType: 'pdf', fileName: null, voice: false }),
    )
    expect(failure.code).toBe('media_address_refused')
    expect(honest.asked).toEqual(['/start'])
  })
})

describe('a trusted host', () => {
  async function codeFor(trusted: string, url: string): Promise<string> {
    await using room = await openMedia({ 'media.trustedHosts': trusted })
    try {
      const file = await room.media.fetch({
        source: { url },
        mediaType: 'document',
        fileName: null,
        voice: false,
      })
      await file.release()
      return 'reached'
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  test('opens exactly what was listed', async () => {
    await using server = await startWebServer((_request, response) => response.end('a receipt'))
    const { port } = server
    const refused = 'media_address_refused'
    expect(await codeFor('localhost', `http://localhost:${port}/`)).toBe('reached')
    expect(await codeFor(`localhost:${port}`, `http://localhost:${port}/`)).toBe('reached')
    expect(await codeFor('127.0.0.0/8', `http://127.0.0.1:${port}/`)).toBe('reached')
    expect(await codeFor('127.0.0.1', `http://127.0.0.1:${port}/`)).toBe('reached')
    expect(await codeFor(`localhost:${port + 1}`, `http://localhost:${port}/`)).toBe(refused)
    expect(await codeFor('localhost', `http://127.0.0.1:${port}/`)).toBe(refused)
    expect(await codeFor('192.168.0.0/16', `http://127.0.0.1:${port}/`)).toBe(refused)
    expect(await codeFor('127.0.0.2', `http://127.0.0.1:${port}/`)).toBe(refused)
  })

  test('does not open this program itself', async () => {
    await using server = await startWebServer((_request, response) => response.end('a receipt'))
    await using room = await openMedia(
      { 'media.trustedHosts': 'localhost,127.0.0.0/8' },
      { ownPorts: () => [server.port] },
    )
    for (const host of ['localhost', '127.0.0.1', '127.0.0.5']) {
      const source = { url: `http://${host}:${server.port}/` }
      const failure = await failureOf(
        room.media.fetch({ source, mediaType: 'document', fileName: null, voice: false }),
      )
      expect(failure.code).toBe('media_address_refused')
      expect(failure.message).toContain('Kurir itself')
    }
    expect(server.asked).toEqual([])
  })
})
