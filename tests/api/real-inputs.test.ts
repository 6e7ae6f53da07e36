import { connect } from 'node:net'
import { text as textOfStream } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, start } from './asking.ts'
import { secrets, sender } from './mock-services.ts'
import { double, json, parameters, post, query } from './posting.ts'
import { rawRequest } from './raw-request.ts'

// Inputs of programs as public reports show them, as the very bytes that were sent.

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const textOf = () => {
  const content = double.calls[0]?.content
  return content?.kind === 'text' ? content.text : undefined
}
const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding))
const withMessage = (message: unknown) => JSON.stringify({ ...parameters, message })
const withoutMessage = query.replace(/&message=.*/, '')

describe('what a body is, its content says', () => {
  it.each([
    'application/json, charset=utf-8',
    'application/json charset=utf-8',
    'application/x-json',
    'text/javascript',
    'application/octet-stream',
    'json',
    '*/*',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded, charset=utf-8',
  ])('JSON under the type %s', async (type) => {
    expect((await post('/send-message', bytes(withMessage('Halo')), { 'content-type': type })).status).toBe(
      200,
    )
    expect(textOf()).toBe('Halo')
  })

  it.each([
    'text/plain',
    'application/octet-stream',
    'application/x-www-form-urlencoded, charset=utf-8',
    '*/*',
  ])('a form under the type %s', async (type) => {
    expect((await post('/send-message', bytes(query), { 'content-type': type })).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])(
    'multipart under the type %s, which a program set by hand',
    async (type) => {
      const parts = Object.entries(parameters).map(
        ([name, value]) =>
          `------WebKitX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      const answer = await post('/send-message', bytes(`${parts.join('')}------WebKitX--\r\n`), {
        'content-type': type,
      })
      expect(answer.status).toBe(200)
      expect(textOf()).toBe('Halo dunia')
    },
  )

  it.each(['null', '""', '[]', '{}', '', ' '])('%j is nothing, where the address says all', async (body) => {
    for (const type of [json, form, { 'content-type': 'application/octet-stream' }])
      expect((await post(`/send-message?${query}`, bytes(body), type)).status).toBe(200)
  })

  it.each([
    ['in a string', JSON.stringify(JSON.stringify(parameters))],
    ['alone in a list', JSON.stringify([parameters])],
    ['with blanks and capitals in its names', JSON.stringify(parameters).replace('"message"', '" Message "')],
  ])('an object %s is read', async (_what, body) => {
    expect((await post('/send-message', bytes(body), json)).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it.each([
    ['a raw line break', '{"message":"a\nb"}', /raw line break.*position 13/],
    ['quotes of cmd.exe', "'{number:628}'", /single quotes/],
    ['single quotes', "{'number':'628'}", /single quotes/],
    ['names without quotes', '{number:"628"}', /quotes/],
    ['a comma too many', '{"number":"628",}', /comma/],
    ['an end that is missing', '{"number":"628"', /too early/],
    ['inner quotes', '{"message":"he said "hi""}', /quotes in texts/],
  ])('%s is told, under any type', async (_what, body, complaint) => {
    for (const type of [json, form, { 'content-type': 'text/plain' }, { 'content-type': '' }]) {
      const answer = await post('/send-message', bytes(body), { ...type, 'x-api-key': secrets.all })
      expect(answer).toMatchObject({ status: 400, body: { code: 'json_invalid' } })
      expect(answer.body['msg']).toMatch(complaint)
    }
  })

  it.each(['utf-8', 'UTF-8', '', 'none', 'identity'])(
    'no compression is Content-Encoding: %s',
    async (encoding) => {
      const answer = await post('/send-message', withMessage('Café'), {
        ...json,
        'content-encoding': encoding,
      })
      expect(answer.status).toBe(200)
      expect(textOf()).toBe('Café')
    },
  )
})

it.each([
  ['12.50', '12.50'],
  ['1250000.00', '1250000.00'],
  ['0', '0'],
  ['-0.10', '-0.10'],
  ['9007199254740993123', '9007199254740993123'],
])('a JSON number %s is the digits that were written', async (written, message) => {
  const body = JSON.stringify({ ...parameters, message: 0 }).replace('"message":0', `"message":${written}`)
  expect((await post('/send-message', body, json)).status).toBe(200)
  expect(textOf()).toBe(message)
})

describe('characters', () => {
  it.each([
    ['a\r\nb\rc\n\nd', 'a\nb\nc\n\nd'],
    ['a\n\rb\n\rc', 'a\nb\nc'],
    ['a\u2028b\u2029c\vd\fe\u0085f', 'a\nb\nc\nd\ne\nf'],
    ['\u001b@\u001ba\u0001TOKO\u001dV\0', '@aTOKOV'],
    ['a\tb\u007f\u009f', 'a\tb'],
    ['  TOKO MAJU\n    Jl. Sari \n\n', '  TOKO MAJU\n    Jl. Sari'],
    ['👩‍👩‍👧 🇮🇩 1️⃣', '👩‍👩‍👧 🇮🇩 1️⃣'],
  ])('%j arrive as %j', async (written, message) => {
    await post('/send-message', withMessage(written), json)
    expect(textOf()).toBe(message)
  })

  it.each(['\u200b', '\u2060\ufeff', '\u3164', '\u001b\u0001', '\u2800 \u00ad', '\r\n\t'])(
    '%j alone are no text',
    async (written) => {
      expect(await post('/send-message', withMessage(written), json)).toMatchObject({
        status: 400,
        body: { code: 'parameter_missing' },
      })
    },
  )

  it.each([
    ['a text that was cut through a character', Buffer.from('é'.repeat(80)).subarray(0, 159), 'é'.repeat(79)],
    ['one byte of another charset', Buffer.concat([Buffer.from('éé '), Buffer.from([0x82])]), 'éé \ufffd'],
    ['an old Windows text', Buffer.from([0x43, 0x61, 0x66, 0xe9, 0x20, 0x80]), 'Café €'],
  ])('of %s are read in a form and in JSON', async (_what, message, read) => {
    const asForm = Buffer.concat([Buffer.from(`${withoutMessage}&message=`), message])
    await post('/send-message', new Uint8Array(asForm), form)
    expect(textOf()).toBe(read)
    double.calls.length = 0
    const [before = '', after = ''] = withMessage('@@').split('@@')
    const asJson = Buffer.concat([Buffer.from(before), message, Buffer.from(after)])
    await post('/send-message', new Uint8Array(asJson), json)
    // In JSON a cut character is followed by the rest: there it is a sign that something is missing.
    expect(textOf()?.replace(/\ufffd$/, '')).toBe(read.replace(/\ufffd$/, ''))
  })
})

describe('multipart by hand', () => {
  const part = (name: string, value: string, more = '') =>
    `Content-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
  const whole = Object.entries(parameters).map(([name, value]) => part(name, value))
  const typed = (type: string) => ({ 'content-type': type })

  it.each([
    [
      'LF alone',
      `--b\r\n${whole.join('--b\r\n')}--b--\r\n`.replaceAll('\r\n', '\n'),
      'multipart/form-data; boundary=b',
    ],
    ['no last boundary', `--b\r\n${whole.join('--b\r\n')}`, 'multipart/form-data; boundary=b'],
    ['a boundary without --', `b\r\n${whole.join('b\r\n')}b--\r\n`, 'multipart/form-data; boundary=b'],
    [
      'a last boundary without --',
      `--b\r\n${whole.join('--b\r\n')}--b\r\n`,
      'multipart/form-data; boundary=b',
    ],
    ['the -- in the header', `--b\r\n${whole.join('--b\r\n')}--b--\r\n`, 'multipart/form-data; boundary=--b'],
    ['no boundary in the header', `--b\r\n${whole.join('--b\r\n')}--b--\r\n`, 'multipart/form-data'],
    [
      'another boundary in the header',
      `--b\r\n${whole.join('--b\r\n')}--b--\r\n`,
      'multipart/form-data; boundary=c',
    ],
    ['blanks around =', `--b\r\n${whole.join('--b\r\n')}--b--\r\n`, 'multipart/form-data; boundary = b'],
    ['a comma', `--b\r\n${whole.join('--b\r\n')}--b--\r\n`, 'multipart/form-data, boundary=b'],
    ['quotes', `--b\r\n${whole.join('--b\r\n')}--b--\r\n`, 'multipart/form-data; boundary="b"'],
    ['another multipart type', `--b\r\n${whole.join('--b\r\n')}--b--\r\n`, 'multipart/mixed; boundary=b'],
    ['a preamble', `Halo\r\n\r\n--b\r\n${whole.join('--b\r\n')}--b--\r\n`, 'multipart/form-data; boundary=b'],
    [
      'single quotes, blanks and another type in its dispositions',
      `--b\r\n${whole.join('--b\r\n')}--b--\r\n`.replaceAll(
        /form-data; name="(\w+)"/g,
        "attachment ;  name = '$1' ;",
      ),
      'multipart/form-data; boundary=b',
    ],
    [
      'names in capitals without quotes',
      `--b\r\n${whole.join('--b\r\n')}--b--\r\n`.replaceAll(
        /name="(\w+)"/g,
        (_, name: string) => `NAME=${name.toUpperCase()}`,
      ),
      'multipart/form-data; boundary=b',
    ],
  ])('with %s is read', async (_what, body, type) => {
    expect((await post('/send-message', bytes(body), typed(type))).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it('keeps lines of a text that look like a boundary', async () => {
    const message = 'a\r\n--bb\r\n-- b\r\n--b-\r\nb'
    const body = `--b\r\n${[...whole.slice(0, 3), part('message', message)].join('--b\r\n')}--b--\r\n`
    expect((await post('/send-message', bytes(body), typed('multipart/form-data; boundary=b'))).status).toBe(
      200,
    )
    expect(textOf()).toBe(message.replaceAll('\r\n', '\n'))
  })

  it.each([
    ['"Nota "Sari".pdf"', 'Nota "Sari".pdf'],
    ['"nota %22Sari%22.pdf"', 'nota "Sari".pdf'],
    ['"nota \\"Sari\\".pdf"', 'nota "Sari".pdf'],
    ["'nota b.pdf'", 'nota b.pdf'],
    ['nota b.pdf', 'nota b.pdf'],
    ['"=?UTF-8?B?Tm90YSDDqS5wZGY=?="', 'Nota é.pdf'],
    ['"=?iso-8859-1?Q?Nota_=E9.pdf?="', 'Nota é.pdf'],
    ['"=?UTF-8?B?Tm90?= =?UTF-8?B?YS5wZGY=?="', 'Nota.pdf'],
    ["a.pdf; filename*=UTF-8''Nota%20%C3%A9.pdf", 'Nota é.pdf'],
    ['"a.pdf"; filename*="UTF-8\'\'Nota%20%C3%A9.pdf"', 'Nota é.pdf'],
    ["a.pdf; filename*=gbk''%C4%E3.pdf", '你.pdf'],
    ["a.pdf; filename*=UTF-8''%", 'a.pdf'],
    ['a.pdf; filename*=x', 'a.pdf'],
  ])('has a file named %s', async (written, fileName) => {
    const body = `--b\r\n${part('file', '%PDF-1.7', `; filename=${written}`)}--b--\r\n`
    const path = `/send-media?${withoutMessage}&media_type=pdf`
    expect((await post(path, bytes(body), typed('multipart/form-data; boundary=b'))).status).toBe(200)
    expect(double.uploads).toEqual([{ bytes: Buffer.from('%PDF-1.7'), fileName }])
  })

  it.each([
    ['base64', Buffer.from([0, 13, 10, 255, 45]).toString('base64')],
    ['quoted-printable', '=00=0D=\r\n=0A=FF-'],
  ])('has a file in %s, whose bytes are taken out of it', async (encoding, written) => {
    const head = `Content-Disposition: form-data; name=file; filename=a.bin\r\nContent-Transfer-Encoding: ${encoding}`
    const body = `--b\r\n${head}\r\n\r\n${written}\r\n--b--\r\n`
    const path = `/send-media?${withoutMessage}&media_type=document`
    expect((await post(path, bytes(body), typed('multipart/form-data; boundary=b'))).status).toBe(200)
    expect(double.uploads[0]?.bytes).toEqual(Buffer.from([0, 13, 10, 255, 45]))
  })

  it.each([
    ['an encoding that is not known', 'Content-Transfer-Encoding: x-uuencode', 'Halo'],
    ['base64 that is none', 'Content-Transfer-Encoding: base64', 'Halo dunia!'],
  ])('with %s is refused', async (_what, header, value) => {
    const message = `Content-Disposition: form-data; name=message\r\n${header}\r\n\r\n${value}\r\n`
    const body = `--b\r\n${[...whole.slice(0, 3), message].join('--b\r\n')}--b--\r\n`
    expect(await post('/send-message', bytes(body), typed('multipart/form-data; boundary=b'))).toMatchObject({
      status: 400,
      body: { code: 'body_unreadable' },
    })
  })
})

describe('what is given twice', () => {
  it.each([
    ['a form', `${query}&number=6285500000501`, form],
    ['JSON', JSON.stringify(parameters).replace('{', '{"number":"6285500000501",'), json],
    ['a name in capitals', `${query}&NUMBER=6285500000501`, form],
  ])('with two values is refused in %s', async (_what, body, type) => {
    const answer = await post('/send-message', bytes(body), type)
    expect(answer).toMatchObject({ status: 400, body: { code: 'parameter_invalid' } })
    expect(answer.body['errors']).toHaveProperty('number')
    expect(double.calls).toHaveLength(0)
  })

  it('with the same value is once', async () => {
    expect((await post('/send-message', bytes(`${query}&${query}`), form)).status).toBe(200)
  })

  it.each([
    ['number[]', 'number[]=6285500000500&number[]=6285500000501', form],
    ['number[0]', 'number%5B0%5D=6285500000500&number%5B1%5D=6285500000501', form],
    ['a JSON list', JSON.stringify({ number: ['6285500000500', 6_285_500_000_501] }), json],
  ])('as %s is a list of recipients', async (_what, body, type) => {
    const { number: _, ...others } = parameters
    const path = `/send-message?${new URLSearchParams(others).toString()}`
    expect((await post(path, bytes(body), type)).status).toBe(200)
    expect(double.calls[0]?.recipients).toEqual(['6285500000500', '6285500000501'])
  })

  it('a url beside a file is refused', async () => {
    const body = new FormData()
    for (const [name, value] of Object.entries({
      ...parameters,
      media_type: 'pdf',
      url: 'https://toko.example/a',
    }))
      body.append(name, value)
    body.append('file', new File(['%PDF'], 'a.pdf'))
    expect(await post('/send-media', body)).toMatchObject({
      status: 400,
      body: { code: 'parameter_invalid' },
    })
    expect(double.calls).toHaveLength(0)
  })

  it('ptt=1 counts beside ppt=0', async () => {
    const body = { ...parameters, media_type: 'audio', url: 'https://toko.example/a', ppt: 0, ptt: 1 }
    await post('/send-media', JSON.stringify(body), json)
    expect(double.calls[0]?.content).toMatchObject({ voice: true })
  })

  it.each([
    [{ media_type: 'audio', caption: 'Halo' }, 'caption'],
    [{ media_type: 'audio', footer: 'Toko' }, 'footer'],
    [{ media_type: 'image', ptt: 1 }, 'voice note'],
  ])('what has no effect is said: %j', async (given, word) => {
    const answer = await post(
      '/send-media',
      JSON.stringify({ ...parameters, url: 'https://toko.example/a', ...given }),
      json,
    )
    expect(String(answer.body['notes'])).toContain(word)
  })
})

it('a link that was not encoded is told to be cut at its first &', async () => {
  const { outcome } = double
  onTestFinished(() => {
    double.outcome = outcome
  })
  double.outcome = ({ recipients }) =>
    recipients.map((recipient) => ({
      recipient,
      message: null,
      failure: { code: 'media_unreachable', reason: 'There is no file at that address.' },
    }))
  const link = 'https://toko.example/nota?id=7&token=x'
  const raw = await post(`/send-media?${withoutMessage}&media_type=pdf&url=${link}`, null)
  expect(raw.body['msg']).toMatch(/cut at its first "&".*"token"/)
  expect(raw.body['message']).toBe(raw.body['msg'])
  const encoded = await post(
    `/send-media?${withoutMessage}&media_type=pdf&url=${encodeURIComponent(link)}`,
    null,
  )
  expect(encoded.body['msg']).toBe('There is no file at that address.')
})

describe('the key', () => {
  const { api_key: _, ...others } = parameters
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it.each([
    ['authorization', secrets.all],
    ['authorization', `Token ${secrets.all}`],
    ['authorization', `Bearer: ${secrets.all}`],
    ['authorization', `Bearer "${secrets.all}"`],
    ['authorization', basic(`${secrets.all}:`)],
    ['authorization', basic(`kasir:${secrets.all}`)],
    ['x-api-key', `Bearer ${secrets.all}`],
    ['x-api-key', `"${secrets.all}"`],
    ['apikey', secrets.all],
    ['api-key', secrets.all],
    ['api_key', secrets.all],
    ['token', secrets.all],
  ])('is found in the header %s: %s', async (name, value) => {
    expect((await post('/send-message', JSON.stringify(others), { ...json, [name]: value })).status).toBe(200)
  })

  it.each([`"${secrets.all}"`, `${secrets.all}\u200b`, ` ${secrets.all}\n`])(
    'is found in api_key: %j',
    async (api_key) => {
      expect((await post('/send-message', JSON.stringify({ ...others, api_key }), json)).status).toBe(200)
    },
  )

  it('is asked for with every way to give it', async () => {
    const answer = await post('/send-message', JSON.stringify(others), json)
    expect(answer.body['msg']).toContain('Authorization: Bearer')
  })
})

describe('a program that writes its own requests', () => {
  const port = () => double.api.port

  it.each(['GET', 'POST'])('may end its side after its request (%s)', async (method) => {
    const target = method === 'GET' ? `/send-message?${query}` : '/send-message'
    const body = method === 'GET' ? '' : JSON.stringify(parameters)
    const socket = connect({ port: port(), host: '127.0.0.1', allowHalfOpen: true })
    socket.end(
      `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
    )
    expect(await textOfStream(socket)).toContain('"status":true')
    expect(double.calls).toHaveLength(1)
  })

  it('may leave out Host under HTTP/1.0, and is answered', async () => {
    const answer = await rawRequest(port(), `GET /send-message?${query} HTTP/1.0\r\n\r\n`)
    expect(answer).toMatchObject({ status: 200, body: { status: true } })
  })

  it('may keep its connection for a minute', async () => {
    const response = await fetch(`${double.url}/health`)
    expect(response.headers.get('keep-alive')).toBe('timeout=75')
  })
})

it('names of this PC that the operator lists are let in, at once', async () => {
  const own = await start()
  const request = (host: string) =>
    rawRequest(own.api.port, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  const docker = `host.docker.internal:${String(own.api.port)}`
  const refused = await request(docker)
  expect(refused).toMatchObject({ status: 403, body: { code: 'host_not_allowed' } })
  expect(refused.body['msg']).toContain('api.hostNames')
  own.settings.set('api.hostNames', ['host.docker.internal', 'https://kasir.toko.local:8443/'])
  expect((await request(docker)).status).toBe(200)
  expect((await request('kasir.toko.local:8443')).status).toBe(200)
  expect((await request('evil.example')).status).toBe(403)
  expect((await ask(own, '/health')).status).toBe(200)
  expect(sender).toBe(parameters.sender)
})

describe('code pages of DOS, which no browser knows', () => {
  // The character É is 0x90 and £ is 0x9c in 437, 850 and 858; 0xd5 is ╒, ı and €; 852 has Š there as 0xe6.
  it.each([
    ['cp437', [0x90, 0x9c, 0xd5], 'É£╒'],
    ['IBM850', [0x90, 0x9c, 0xd5], 'É£ı'],
    ['csPC850Multilingual', [0x90, 0x9c, 0xd5], 'É£ı'],
    ['"ibm00858"', [0x90, 0x9c, 0xd5], 'É£€'],
    ['cp852', [0x90, 0xe6], 'ÉŠ'],
  ])('%s is read where it is declared', async (charset, written, expected) => {
    const type = { 'content-type': `application/x-www-form-urlencoded; charset=${charset}` }
    const message = Buffer.from([...Buffer.from('Halo '), ...written])
    const raw = Buffer.concat([Buffer.from(`${withoutMessage}&message=`), message])
    expect((await post('/send-message', new Uint8Array(raw), type)).status).toBe(200)
    expect(textOf()).toBe(`Halo ${expected}`)
  })
})

describe('a charset that nobody can read', () => {
  const jsonIn = (charset: string) => ({ 'content-type': `application/json; charset=${charset}` })
  const formIn = (charset: string) => ({
    'content-type': `application/x-www-form-urlencoded; charset=${charset}`,
  })
  const clearAnswered = (charset: string) => ({
    status: 400,
    body: { code: 'body_unreadable', msg: expect.stringContaining(charset) as unknown },
  })

  it.each(['x-foo', 'utf-7', 'UTF-7', 'unicode-1-1-utf-7', 'hz-gb-2312', 'cp037', 'utf-32'])(
    '%s is refused, whatever the text',
    async (charset) => {
      for (const message of ['Halo', 'Caf+AOk-', 'Café']) {
        expect(await post('/send-message', withMessage(message), jsonIn(charset))).toMatchObject(
          clearAnswered(charset),
        )
        const written = `${withoutMessage}&message=${message}`
        expect(await post('/send-message', bytes(written), formIn(charset))).toMatchObject(
          clearAnswered(charset),
        )
      }
      expect(double.calls).toEqual([])
    },
  )

  it('is refused where the address has a whole call, too: its body would be dropped', async () => {
    expect(await post(`/send-message?${query}`, withMessage('Halo'), jsonIn('utf-7'))).toMatchObject(
      clearAnswered('utf-7'),
    )
  })

  it.each(['us-ascii', 'binary', 'none', 'unknown', 'default', '"8bit"', 'ansi', 'cp65001', '65001', 'utf'])(
    '%s is none of those: programs declare it for UTF-8',
    async (charset) => {
      expect((await post('/send-message', withMessage('Café'), jsonIn(charset))).status).toBe(200)
      expect(textOf()).toBe('Café')
    },
  )

  it.each([
    ['cp936', 'd6d0', '中'],
    ['ms949', 'c7d1', '한'],
    ['cp950', 'a4a4', '中'],
    ['CP932', '93fa', '日'],
  ])('%s is read by its Windows number', async (charset, hex, text) => {
    const raw = Buffer.concat([Buffer.from(`${withoutMessage}&message=`), Buffer.from(hex, 'hex')])
    expect((await post('/send-message', new Uint8Array(raw), formIn(charset))).status).toBe(200)
    expect(textOf()).toBe(text)
  })

  const inParts = (type: string, more = '') =>
    bytes(
      [
        ...Object.entries(parameters)
          .filter(([name]) => name !== 'message')
          .map(
            ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
          ),
        more,
        `--x\r\nContent-Disposition: form-data; name="message"${type}\r\n\r\nCaf+AOk-\r\n--x--\r\n`,
      ].join(''),
    )
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' }

  it.each([
    ['a part', inParts('\r\nContent-Type: text/plain; charset=utf-7'), multipart],
    [
      'the field _charset_',
      inParts('', '--x\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\nutf-7\r\n'),
      multipart,
    ],
    [
      'the header of all parts',
      inParts(''),
      { 'content-type': 'multipart/form-data; boundary=x; charset=utf-7' },
    ],
  ])('is refused where %s names it', async (_what, body, headers) => {
    expect(await post('/send-message', body, headers)).toMatchObject(clearAnswered('utf-7'))
  })
})

describe('JSON that was encoded as a form’s only name', () => {
  // jQuery, Postman and VB6 programs encode the whole document: `encodeURIComponent(json)`, or as a name without a value.
  const written = withMessage('C++ & 100% é = "baru"')

  it.each([
    ['as a name', `${encodeURIComponent(written)}=`],
    ['without a =', encodeURIComponent(written)],
    ['with + for blanks', `${encodeURIComponent(written).replaceAll('%20', '+')}=`],
    ['only where it must be', `${written.replaceAll(/[%&+="{}]/g, encodeURIComponent)}=`],
    ['but for its brackets', encodeURIComponent(written).replaceAll('%7B', '{').replaceAll('%7D', '}')],
    ['behind blanks', ` ${encodeURIComponent(written)}\r\n`],
    [
      'in small hex digits',
      `${encodeURIComponent(written).replaceAll(/%../g, (escape) => escape.toLowerCase())}=`,
    ],
    ['as a list of one', encodeURIComponent(`[${written}]`)],
  ])('%s is read', async (_what, body) => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json']) {
      double.calls.length = 0
      expect((await post('/send-message', bytes(body), { 'content-type': type })).status).toBe(200)
      expect(textOf()).toBe('C++ & 100% é = "baru"')
    }
  })

  it('is told what is wrong with it where it is broken', async () => {
    const body = bytes(`${encodeURIComponent(written.slice(0, -3))}=`)
    expect(await post('/send-message', body, form)).toMatchObject({
      status: 400,
      body: { code: 'json_invalid' },
    })
  })

  it('is none where a form has a name in brackets among others', async () => {
    const body = bytes(`${query}&%7Bnote%7D=1`)
    expect((await post('/send-message', body, form)).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })
})

describe('the headers of a part', () => {
  const withPart = (headers: string, value: string) => {
    const parts = Object.entries({ ...parameters, message: null }).map(([name, field]) =>
      field === null
        ? `--x\r\nContent-Disposition: form-data; name="message"\r\n${headers}\r\n\r\n${value}\r\n`
        : `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${field}\r\n`,
    )
    return post('/send-message', bytes(`${parts.join('')}--x--\r\n`), {
      'content-type': 'multipart/form-data; boundary=x',
    })
  }

  it('may have their transfer encoding in quotes', async () => {
    expect((await withPart('Content-Transfer-Encoding: "base64"', 'SGFsbw==')).status).toBe(200)
    expect(textOf()).toBe('Halo')
  })

  it('that say it is compressed have it refused', async () => {
    const answer = await withPart('Content-Encoding: gzip', 'SGFsbw==')
    expect(answer).toMatchObject({ status: 400, body: { code: 'body_unreadable' } })
    expect(String(answer.body['msg'])).toContain('gzip')
    expect((await withPart('Content-Encoding: utf-8', 'Halo')).status).toBe(200)
  })
})
