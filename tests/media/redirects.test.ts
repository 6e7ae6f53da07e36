import { describe, expect, test } from 'vitest'
import { RedirectCookies } from '../../src-main/media/fetch/redirect-cookies.ts'
import { makePdf } from './files/office-files.ts'
import { failureOf, openMedia } from './files/open-media.ts'
import { rawServer, startWebServer } from './files/web-server.ts'

const pdf = makePdf()
const trusted = { 'media.trustedHosts': 'localhost' }

async function fetchFrom(url: string) {
  await using room = await openMedia(trusted)
  const file = await room.media.fetch({ source: { url }, mediaType: 'pdf', fileName: null, voice: false })
  await file.release()
  return file
}

describe('a redirect', () => {
  test.each([
    ['UTF-8', Buffer.from('/rel/nota-é.pdf'), '/rel/nota-%C3%A9.pdf'],
    ['UTF-8 of three bytes', Buffer.from('/rel/メニュー.pdf'), encodeURI('/rel/メニュー.pdf')],
    ['Windows-1252', Buffer.from('/rel/nota-é.pdf', 'latin1'), '/rel/nota-%C3%A9.pdf'],
    ['blanks', Buffer.from('/rel/nota mei.pdf'), '/rel/nota%20mei.pdf'],
    ['escapes', Buffer.from('/rel/nota%20%C3%A9.pdf'), '/rel/nota%20%C3%A9.pdf'],
  ])('whose Location holds %s leads to that address', async (_what, location, path) => {
    const asked: string[] = []
    await using server = await rawServer((request) => {
      asked.push(/^GET (\S+)/.exec(request)?.[1] ?? '')
      const redirect = [
        Buffer.from('HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: '),
        location,
        Buffer.from('\r\n\r\n'),
      ]
      return Buffer.concat(
        asked.length === 1
          ? redirect
          : [Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${pdf.length}\r\n\r\n`), pdf],
      )
    })
    await fetchFrom(`${server.origin}/start`)
    expect(asked).toEqual(['/start', path])
  })

  test('to the same address is followed with the session that the server set', async () => {
    const cookies: (string | undefined)[] = []
    await using server = await startWebServer((request, response) => {
      cookies.push(request.headers.cookie)
      if (request.headers.cookie?.includes('session=1; seen=yes') === true) response.end(pdf)
      else {
        const headers = {
          location: request.url ?? '',
          'set-cookie': ['session=1; HttpOnly', 'seen=yes; Path=/'],
        }
        response.writeHead(302, headers).end()
      }
    })
    await fetchFrom(`${server.origin}/files/1.pdf`)
    expect(cookies).toEqual([undefined, 'session=1; seen=yes'])
  })

  test('of a direct link of a sharing site to a login keeps the advice of that site', async () => {
    await using server = await startWebServer((request, response) => {
      if (request.headers.host?.startsWith('drive.google.com') === true) {
        response.writeHead(302, { location: `http://accounts.google.com:${server.port}/ServiceLogin` }).end()
      } else response.end('<!doctype html><title>Sign in</title>')
    })
    await using room = await openMedia(
      { 'media.trustedHosts': 'drive.google.com, accounts.google.com' },
      { lookUp: () => Promise.resolve(['127.0.0.1']) },
    )
    const url = `http://drive.google.com:${server.port}/uc?export=download&id=1AbC`
    const failure = await failureOf(
      room.media.fetch({ source: { url }, mediaType: 'pdf', fileName: null, voice: false }),
    )
    expect(failure).toMatchObject({ code: 'media_not_direct' })
    expect(failure.message).toContain('anyone with the link')
  })

  test('of Dropbox’s direct link to its login says that the link is not open, not that it has to be another', async () => {
    await using server = await startWebServer((_request, response) => {
      response.writeHead(302, { location: '/login?cont=x' }).end()
    })
    await using room = await openMedia(
      { 'media.trustedHosts': 'www.dropbox.com' },
      { lookUp: () => Promise.resolve(['127.0.0.1']) },
    )
    const url = `http://www.dropbox.com:${server.port}/s/abc/receipt.pdf?dl=1`
    const failure = await failureOf(
      room.media.fetch({ source: { url }, mediaType: 'pdf', fileName: null, voice: false }),
    )
    expect(failure).toMatchObject({ code: 'media_not_direct' })
    expect(failure.message).toContain('not open to everybody')
  })
})

describe('cookies', () => {
  const cookiesFor = (set: string | string[], to: string, from = 'https://files.toko.example/a/b.pdf') => {
    const cookies = new RedirectCookies()
    cookies.take(set, new URL(from))
    return cookies.headerFor(new URL(to))
  }

  test.each([
    ['a=1', 'https://files.toko.example/a/c.pdf', 'a=1'],
    ['a=1', 'https://files.toko.example/ab/c.pdf', null],
    ['a=1; Path=/', 'https://files.toko.example/other', 'a=1'],
    ['a=1', 'https://other.example/a/', null],
    ['a=1', 'https://evil.files.toko.example/a/', null],
    ['a=1; Domain=toko.example; Path=/', 'https://cdn.toko.example/x', 'a=1'],
    ['a=1; Domain=.toko.example; Path=/', 'https://toko.example/x', 'a=1'],
    ['a=1; Domain=example; Path=/', 'https://other.example/x', null],
    ['a=1; Domain=bank.example; Path=/', 'https://bank.example/x', null],
    ['a=1; Secure; Path=/', 'http://files.toko.example/x', null],
    ['a=1; Path=/; Max-Age=0', 'https://files.toko.example/x', null],
    ['a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'https://files.toko.example/x', null],
    ['a="x y"; path=/; SameSite=None', 'https://files.toko.example/x', 'a="x y"'],
    ['a=1\r\nHost: evil', 'https://files.toko.example/a/x', null],
    ['=1; Path=/', 'https://files.toko.example/x', null],
    ['', 'https://files.toko.example/x', null],
  ])('%j are sent to %s as %j', (set, to, header) => expect(cookiesFor(set, to)).toBe(header))

  test('of the same name replace each other, and can be removed', () => {
    const to = 'https://files.toko.example/a/x'
    expect(cookiesFor(['a=1', 'b=2', 'a=3'], to)).toBe('b=2; a=3')
    expect(cookiesFor(['a=1', 'a=; Max-Age=-1'], to)).toBeNull()
  })

  test('of an address stay with that address', () => {
    expect(cookiesFor('a=1; Path=/', 'http://10.0.0.1/x', 'http://10.0.0.1/')).toBe('a=1')
    expect(cookiesFor('a=1; Path=/; Domain=0.0.1', 'http://10.0.0.1/x', 'http://10.0.0.1/')).toBeNull()
  })

  test('are bounded in number', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `c${index}=${'x'.repeat(100)}`)
    expect(cookiesFor(many, 'https://files.toko.example/a/x')?.length).toBeLessThan(10_000)
  })
})

describe('a server that writes another thing into Content-Encoding', () => {
  test.each(['utf-8', 'UTF8', 'ISO-8859-1', 'none', 'binary', '', '8bit', 'aws-chunked', '"utf-8"'])(
    'is understood to send the file as it is: %j',
    async (encoding) => {
      await using server = await startWebServer((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(pdf),
      )
      expect((await fetchFrom(`${server.origin}/1.pdf`)).bytes).toBe(pdf.length)
    },
  )
})
