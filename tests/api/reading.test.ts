import { describe, expect, it } from 'vitest'
import { secrets, sender } from './mock-services.ts'
import { double, json, parameters, post, query } from './posting.ts'
import { rawRequest } from './raw-request.ts'

const textOf = () => {
  const content = double.calls[0]?.content
  return content?.kind === 'text' ? content.text : undefined
}

/** fetch() names a content type for strings; bytes go without. */
const bytes = (text: string) => new TextEncoder().encode(text)
const form = { 'content-type': 'application/x-www-form-urlencoded' }

describe('reads', () => {
  it.each(['application/xml', 'application/octet-stream', 'text/plain'])(
    'a query that says everything, whatever a body of the type %s holds',
    async (type) => {
      const answer = await post(`/send-message?${query}`, '<message/>', { 'content-type': type })
      expect(answer.status).toBe(200)
      expect(textOf()).toBe('Halo dunia')
    },
  )

  it('a query by GET', async () => {
    const response = await fetch(`${double.url}/send-message?${query}`)
    expect(response.status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it('JSON', async () => {
    expect((await post('/send-message', JSON.stringify(parameters), json)).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it('JSON with a byte order mark, a charset and another case of its type', async () => {
    const headers = { 'content-type': 'Application/JSON; charset="UTF-8"' }
    expect((await post('/send-message', bytes(`\uFEFF${JSON.stringify(parameters)}`), headers)).status).toBe(
      200,
    )
  })

  it('JSON without a content type', async () => {
    expect((await post('/send-message', bytes(JSON.stringify(parameters)))).status).toBe(200)
  })

  it('JSON under text/plain, which fetch() names where nobody did', async () => {
    expect((await post('/send-message', JSON.stringify(parameters))).status).toBe(200)
  })

  it('JSON under a form content type, as curl -d sends it', async () => {
    expect((await post('/send-message', JSON.stringify(parameters), form)).status).toBe(200)
  })

  it('JSON by GET', async () => {
    const body = JSON.stringify(parameters)
    const head = `GET /send-message HTTP/1.1\r\nHost: localhost:${String(double.api.port)}\r\nConnection: close\r\n`
    const answer = await rawRequest(
      double.api.port,
      `${head}Content-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
    )
    expect(answer.status).toBe(200)
  })

  it('JSON from a file that Windows PowerShell wrote, in UTF-16 that nobody names', async () => {
    const message = 'Café 😀'
    const file = Buffer.from(`\uFEFF${JSON.stringify({ ...parameters, message })}`, 'utf16le')
    expect((await post('/send-message', new Uint8Array(file), json)).status).toBe(200)
    expect(textOf()).toBe(message)
    double.calls.length = 0
    expect((await post('/send-message', new Uint8Array(file.swap16()), json)).status).toBe(200)
    expect(textOf()).toBe(message)
  })

  it('numbers where strings are meant', async () => {
    const body = JSON.stringify({ ...parameters, sender: Number(sender), number: 6285500000500, message: 42 })
    expect((await post('/send-message', body, json)).status).toBe(200)
    expect(double.calls[0]?.recipients).toEqual(['6285500000500'])
    expect(textOf()).toBe('42')
  })

  it('an urlencoded form', async () => {
    expect((await post('/send-message', query, form)).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it('a raw form string whose message nobody encoded', async () => {
    const raw = `api_key=${secrets.all}&sender=${sender}&number=6285500000500&message=Nota: 100% lunas & terima kasih\nToko`
    expect((await post('/send-message', raw, form)).status).toBe(200)
    expect(textOf()).toBe('Nota: 100% lunas & terima kasih\nToko')
  })

  it('a form in the bytes of an old Windows program', async () => {
    const { message: _, ...others } = parameters
    const most = new URLSearchParams(others).toString()
    const body = Buffer.concat([Buffer.from(`${most}&message=Caf`), Buffer.from([0xe9])])
    expect((await post('/send-message', new Uint8Array(body), form)).status).toBe(200)
    expect(textOf()).toBe('Café')
  })

  it.each(['utf8mb4', "'utf-8'", 'utf-8mb4', 'UTF_8'])('UTF-8 that is called %s', async (charset) => {
    const headers = { 'content-type': `application/json; charset=${charset}` }
    const text = JSON.stringify({ ...parameters, message: 'Café 😀' })
    expect((await post('/send-message', bytes(text), headers)).status).toBe(200)
    expect(textOf()).toBe('Café 😀')
  })

  it('multipart without a file', async () => {
    const body = new FormData()
    for (const [name, value] of Object.entries(parameters)) body.append(name, value)
    expect((await post('/send-message', body)).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it.each([
    ['of an old Windows program', '', 'latin1'],
    ['in UTF-8', '', 'utf8'],
    ['in UTF-8, as it says', '\r\nContent-Type: text/plain; charset=utf-8', 'utf8'],
    ['in Latin-1, as it says', '\r\nContent-Type: text/plain; charset=iso-8859-1', 'latin1'],
  ] as const)('multipart %s', async (_what, type, encoding) => {
    const parts = Object.entries({ ...parameters, message: 'Café' }).map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"${type}\r\n\r\n${value}\r\n`,
    )
    const body = new Uint8Array(Buffer.from(`${parts.join('')}--b--\r\n`, encoding))
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    expect((await post('/send-message', body, headers)).status).toBe(200)
    expect(textOf()).toBe('Café')
  })

  it('everything in the query of a POST with an empty body', async () => {
    expect((await post(`/send-message?${query}`, null, form)).status).toBe(200)
    expect((await post(`/send-message?${query}`, '', json)).status).toBe(200)
  })

  it('everything in the query of a POST whose JSON is the empty list that PHP makes of no parameters', async () => {
    expect((await post(`/send-message?${query}`, '[]', json)).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it('everything in the query of a POST with junk under a form content type', async () => {
    const url = `${double.url}/send-message?${query}`
    expect((await post(`/send-message?${query}`, url, form)).status).toBe(200)
    expect((await post(`/send-message?${query}`, '\u0001\u0002{{{%%%&&&===', form)).status).toBe(200)
    expect(textOf()).toBe('Halo dunia')
  })

  it('lets the body win over the query', async () => {
    await post(`/send-message?${query}`, JSON.stringify({ message: 'aus dem Rumpf' }), json)
    expect(textOf()).toBe('aus dem Rumpf')
  })

  it('lets a good key in the body win over a wrong one in the query', async () => {
    const answer = await post('/send-message?api_key=wrong', JSON.stringify(parameters), json)
    expect(answer.status).toBe(200)
  })

  it('takes what is empty for missing', async () => {
    await post(`/send-message?${query}`, JSON.stringify({ message: '  ', footer: null }), json)
    expect(textOf()).toBe('Halo dunia')
    expect(double.calls[0]?.footer).toBeNull()
  })

  it('trims the end of a text, whose beginning may be set in the middle of its line, and both ends of all else', async () => {
    const body = { ...parameters, sender: ` ${sender} `, message: '   Halo\n dunia\n ', footer: ' Toko ' }
    await post('/send-message', JSON.stringify(body), json)
    expect(textOf()).toBe('   Halo\n dunia')
    expect(double.calls[0]?.footer).toBe('Toko')
  })

  it.each([
    ['the header X-API-Key', { 'x-api-key': secrets.all }],
    ['a bearer token', { authorization: `Bearer ${secrets.all}` }],
    ['a bearer token in other letters', { authorization: `bearer  ${secrets.all}` }],
  ])('the key from %s', async (_where, headers) => {
    const { api_key: _, ...others } = parameters
    expect((await post('/send-message', JSON.stringify(others), { ...json, ...headers })).status).toBe(200)
  })

  it.each(['/SEND-MESSAGE', '/send-message/', '/Send-Message/', '//send-message'])(
    'the path as %s, without a redirect',
    async (path) => {
      const response = await fetch(`${double.url}${path}?${query}`, { redirect: 'error' })
      expect(response.status).toBe(200)
    },
  )

  it('a text of 100 KiB in the address', async () => {
    const long = new URLSearchParams({ ...parameters, message: 'a'.repeat(60_000) }).toString()
    const url = `${double.url}/send-message?${long}&junk=${'b'.repeat(40_000)}`
    expect((await fetch(url)).status).toBe(200)
    expect(textOf()?.length).toBe(60_000)
  })

  it('65,536 characters, however many bytes they have', async () => {
    const message = '😀'.repeat(65_536)
    expect((await post('/send-message', JSON.stringify({ ...parameters, message }), json)).status).toBe(200)
  })

  it('several recipients', async () => {
    await post(
      '/send-message',
      JSON.stringify({ ...parameters, number: ' 6285500000500 | 0855-0000-0501 |' }),
      json,
    )
    expect(double.calls[0]?.recipients).toEqual(['6285500000500', '0855-0000-0501'])
  })
})

describe('refuses', () => {
  const refused = (code: string) => ({ status: 400, body: { status: false, code } })

  it.each([
    ['broken JSON', '{"sender": ', 'json_invalid'],
    ['a JSON list', '["sender"]', 'json_invalid'],
    ['a JSON list of two calls', '[{"sender":"1"},{"sender":"2"}]', 'json_invalid'],
    ['a JSON word', 'true', 'json_invalid'],
  ])('%s', async (_what, body, code) => {
    expect(await post('/send-message', body, json)).toMatchObject(refused(code))
  })

  it('deeply nested JSON without harm', async () => {
    const body = `{"message":${'['.repeat(400_000)}${']'.repeat(400_000)}}`
    const answer = await post(`/send-message?${query}`, body, json)
    expect(answer.status).toBe(400)
  })

  it('more names in JSON than a call can have', async () => {
    const names = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`name${index}`, 1]))
    const answer = await post(`/send-message?${query}`, JSON.stringify(names), json)
    expect(answer).toMatchObject(refused('body_unreadable'))
  })

  it.each(['application/xml', 'image/png', 'text/plain'])('a body of the type %s', async (type) => {
    const most = new URLSearchParams({ ...parameters, message: '' })
    const answer = await post(`/send-message?${most}`, '<message/>', { 'content-type': type })
    expect(answer).toMatchObject(refused('content_type_unknown'))
  })

  it('a compressed body', async () => {
    const answer = await post('/send-message', 'x', { ...json, 'content-encoding': 'gzip' })
    expect(answer).toMatchObject(refused('content_type_unknown'))
  })

  it.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    [
      'cut off in its headers',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="message"\r\n',
    ],
    [
      'without the blank line of a part',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="message"\r\nHalo\r\n--b--\r\n',
    ],
    [
      'whose value looks like a header, without the blank line of a part',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="message"\r\nCatatan: lunas\r\n\r\nHalo\r\n--b--\r\n',
    ],
  ])('multipart %s', async (_what, type, body) => {
    expect(await post('/send-message', body, { 'content-type': type })).toMatchObject(
      refused('body_unreadable'),
    )
  })

  it.each([
    ['JSON', json, `{"message":"${'a'.repeat(1024 * 1024)}"}`],
    ['a form', form, `message=${'a'.repeat(1024 * 1024)}`],
  ])('more than 1 MiB of %s', async (_what, headers, body) => {
    const answer = await post('/send-message', body, headers)
    expect(answer).toMatchObject({ status: 413, body: { status: false, code: 'body_too_large' } })
  })

  it('more than 1 MiB of unknown length', async () => {
    const chunk = `${(64 * 1024).toString(16)}\r\n${'a'.repeat(64 * 1024)}\r\n`
    const answer = await rawRequest(
      double.api.port,
      `POST /send-message HTTP/1.1\r\nHost: localhost:${String(double.api.port)}\r\nConnection: close\r\n` +
        `Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`,
    )
    expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
  })

  it('more than 1 MiB of multipart fields', async () => {
    const body = new FormData()
    for (let part = 0; part < 20; part += 1) body.append(`f${String(part)}`, 'a'.repeat(64 * 1024))
    const answer = await post('/send-message', body, { 'x-api-key': secrets.all })
    expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
  })

  it('more than 64 KiB of multipart fields in which nobody has named a key', async () => {
    const body = new FormData()
    for (let part = 0; part < 20; part += 1) body.append(`f${String(part)}`, 'a'.repeat(64 * 1024))
    expect(await post('/send-message', body)).toMatchObject({ status: 400, body: { code: 'key_missing' } })
  })

  it.each([
    ['a text of 65,537 characters', { message: 'a'.repeat(65_537) }, 'message_too_long', 'message'],
    ['a list for a text', { message: ['a'] }, 'parameter_invalid', 'message'],
    ['an object for a number', { number: {} }, 'parameter_invalid', 'number'],
    ['a word for yes or no', { full: 'maybe' }, 'parameter_invalid', 'full'],
    ['a number that JSON has spoilt', { number: 1e21 }, 'parameter_invalid', 'number'],
    ['an empty message', { message: ' ' }, 'parameter_missing', 'message'],
    ['separators alone', { number: ' | | ' }, 'parameter_missing', 'number'],
  ])('%s', async (_what, changes, code, name) => {
    const answer = await post('/send-message', JSON.stringify({ ...parameters, ...changes }), json)
    expect(answer).toMatchObject(refused(code))
    expect(Object.keys(answer.body['errors'] as object)).toEqual([name])
    expect(double.calls).toHaveLength(0)
  })

  it('names all that is missing', async () => {
    const answer = await post('/send-message', JSON.stringify({ api_key: secrets.all }), json)
    expect(answer.body).toEqual({
      status: false,
      code: 'parameter_missing',
      msg: 'The parameters sender, number and message are missing or empty.',
      message: 'The parameters sender, number and message are missing or empty.',
      errors: { sender: 'is required', number: 'is required', message: 'is required' },
    })
  })

  it('media without a url and without a file', async () => {
    const body = { api_key: secrets.all, sender, number: '6285500000500', media_type: 'pdf' }
    const answer = await post('/send-media', JSON.stringify(body), json)
    expect(answer).toMatchObject(refused('parameter_missing'))
    expect(answer.body['errors']).toHaveProperty('url')
  })
})
