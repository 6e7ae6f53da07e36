import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ask, query, start } from './asking.ts'
import { deviceDouble, mockMessage, secrets, startMockServices, type MockServices } from './mock-services.ts'
import { rawRequest } from './raw-request.ts'

const head = (double: MockServices, line: string, more = '') =>
  `${line}\r\nHost: localhost:${String(double.api.port)}\r\nConnection: close\r\n${more}\r\n`

it('answers a request that expects what nobody knows as any other', async () => {
  const double = await start()
  const answer = await rawRequest(
    double.api.port,
    head(double, 'GET /health HTTP/1.1', 'Expect: wonders\r\n'),
  )
  expect(answer).toMatchObject({ status: 200, body: { status: true } })
})

describe('what never sends', () => {
  it('HEAD', async () => {
    const double = await start()
    const answer = await ask(double, `/send-message?${query}`, { method: 'HEAD' })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, POST')
    expect(double.calls).toHaveLength(0)
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])('%s', async (method) => {
    const double = await start()
    const answer = await ask(double, `/send-message?${query}`, { method })
    expect(answer).toMatchObject({ status: 405, body: { status: false, code: 'method_not_allowed' } })
    expect(double.calls).toHaveLength(0)
  })

  it('what a browser asks ahead', async () => {
    const double = await start()
    const answer = await rawRequest(
      double.api.port,
      head(double, `GET /send-message?${query} HTTP/1.1`, 'Sec-Purpose: prefetch;prerender\r\n'),
    )
    expect(answer).toMatchObject({ status: 403, body: { status: false, code: 'prefetch_refused' } })
    expect(double.calls).toHaveLength(0)
  })

  it('GET of what changes devices', async () => {
    const double = await start()
    expect((await ask(double, `/logout-device?${query}`)).status).toBe(405)
    expect((await ask(double, `/delete-device?${query}`)).status).toBe(405)
  })
})

describe('who gets in', () => {
  it.each([
    ['another host', 'Host: evil.example', 'host_not_allowed'],
    ['another port', 'Host: localhost:1', 'host_not_allowed'],
    ['no host', 'X: y', 'host_not_allowed'],
  ])('not %s, and it is told before anything is read', async (_what, line, code) => {
    const double = await start()
    const answer = await rawRequest(
      double.api.port,
      `POST /nowhere HTTP/1.1\r\n${line}\r\nConnection: close\r\nContent-Length: 9999999\r\n\r\n{`,
    )
    expect(answer).toMatchObject({ status: 403, body: { status: false, code } })
  })

  it('not a foreign origin, nor a preflight of it', async () => {
    const double = await start()
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await rawRequest(
        double.api.port,
        head(double, `${method} /send-message?${query} HTTP/1.1`, 'Origin: https://evil.example\r\n'),
      )
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin_not_allowed' } })
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    expect(double.calls).toHaveLength(0)
  })

  it('not a WebSocket of a page', async () => {
    const double = await start()
    const answer = await rawRequest(
      double.api.port,
      `GET /send-message?${query} HTTP/1.1\r\nHost: localhost:${String(double.api.port)}\r\nUpgrade: websocket\r\n` +
        'Connection: Upgrade, close\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n' +
        'Origin: https://evil.example\r\n\r\n',
    )
    expect(answer.status).toBe(403)
    expect(double.calls).toHaveLength(0)
  })

  it('a listed origin, with exact CORS', async () => {
    const double = await start({ 'api.allowedOrigins': 'https://pos.example, https://kasir.example' })
    const origin = 'Origin: https://pos.example\r\nSec-Fetch-Site: cross-site\r\n'
    const preflight = await rawRequest(
      double.api.port,
      head(double, 'OPTIONS /send-message HTTP/1.1', `${origin}Access-Control-Request-Method: POST\r\n`),
    )
    expect(preflight.status).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://pos.example',
      'access-control-allow-methods': 'GET, POST',
      vary: 'Origin',
    })
    const answer = await rawRequest(
      double.api.port,
      head(double, `GET /send-message?${query} HTTP/1.1`, origin),
    )
    expect(answer.status).toBe(200)
    expect(answer.headers['access-control-allow-origin']).toBe('https://pos.example')
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  })

  it.each([
    'https://pos.example/',
    'HTTPS://POS.example',
    'https://pos.example:443',
    'https://pos.example/kasir',
  ])('an origin that is listed as %s', async (listed) => {
    const double = await start({ 'api.allowedOrigins': listed })
    const from = (origin: string) =>
      rawRequest(
        double.api.port,
        head(double, `GET /info-devices?${query} HTTP/1.1`, `Origin: ${origin}\r\n`),
      )
    expect((await from('https://pos.example')).status).toBe(200)
    for (const other of ['http://pos.example', 'https://pos.example:8443', 'https://evil.example', 'null'])
      expect((await from(other)).status).toBe(403)
  })

  it('an origin that is listed while it runs', async () => {
    const double = await start()
    const request = head(double, `GET /info-devices?${query} HTTP/1.1`, 'Origin: https://pos.example\r\n')
    expect((await rawRequest(double.api.port, request)).status).toBe(403)
    double.settings.set('api.allowedOrigins', ['https://pos.example'])
    expect((await rawRequest(double.api.port, request)).status).toBe(200)
  })
})

describe('every answer', () => {
  it.each(['/health', '/nowhere', '/send-message', '/docs', '/openapi.json'])(
    'of %s forbids to guess, keep and embed it, and names no program',
    async (path) => {
      const double = await start()
      const { headers } = await ask(double, path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('server')).toBeNull()
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('location')).toBeNull()
    },
  )

  it.each(['/nowhere', '/', '/send-message/x', '/%73end-message', '/..%2fsend-message', '/messages'])(
    'about the unknown path %s is 404',
    async (path) => {
      const double = await start()
      expect(await ask(double, path)).toMatchObject({
        status: 404,
        body: { status: false, code: 'path_unknown' },
      })
    },
  )

  it('to an absolute address is that of its path', async () => {
    const double = await start()
    const line = `GET http://evil.example/send-message?${query} HTTP/1.1`
    expect((await rawRequest(double.api.port, head(double, line))).status).toBe(200)
  })

  it.each(['*', 'http://', 'http://[::1:9/health', 'evil.example:443'])(
    'to the target %s is a refusal',
    async (target) => {
      const double = await start()
      const answer = await rawRequest(double.api.port, head(double, `OPTIONS ${target} HTTP/1.1`))
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.body).toMatchObject({ status: false })
    },
  )
})

describe('what the parser gives up on', () => {
  it('an unencoded space, with a hint', async () => {
    const double = await start()
    const answer = await rawRequest(
      double.api.port,
      head(double, 'GET /send-message?message=Halo dunia HTTP/1.1'),
    )
    expect(answer).toMatchObject({ status: 400, body: { status: false, code: 'request_malformed' } })
    expect(answer.body['msg']).toMatch(/space.*URL-encode/)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  it('letters beyond ASCII in the address, with the same hint', async () => {
    const double = await start()
    const answer = await rawRequest(double.api.port, head(double, 'GET /send-message?message=Café HTTP/1.1'))
    expect(answer.body['msg']).toMatch(/URL-encode/)
  })

  it('something that is not HTTP', async () => {
    const double = await start()
    expect(await rawRequest(double.api.port, '\u0016\u0003\u0001\u0002\u0000\u0001')).toMatchObject({
      status: 400,
      body: { status: false, code: 'request_malformed' },
    })
  })

  it('more than 128 KiB of headers', async () => {
    const double = await start()
    const answer = await rawRequest(
      double.api.port,
      head(double, `GET /send-message?message=${'a'.repeat(200_000)} HTTP/1.1`),
    )
    expect(answer).toMatchObject({ status: 431, body: { status: false, code: 'headers_too_large' } })
  })

  it('CONNECT', async () => {
    const double = await start()
    expect(
      (await rawRequest(double.api.port, head(double, 'CONNECT evil.example:443 HTTP/1.1'))).status,
    ).toBe(400)
  })

  it('a request that does not arrive whole', { timeout: 40_000 }, async () => {
    const double = await start()
    const answer = await rawRequest(double.api.port, 'GET /health HTTP/1.1\r\nHost: loc')
    expect(answer).toMatchObject({ status: 408, body: { status: false, code: 'request_timeout' } })
  })
})

describe('limits', () => {
  it('requests a minute, by key, with Retry-After', async () => {
    const double = await start({ 'api.requestsPerMinute': '3' })
    for (let request = 0; request < 3; request += 1) {
      expect((await ask(double, `/info-devices?${query}`)).status).toBe(200)
    }
    const refused = await ask(double, `/info-devices?${query}`)
    expect(refused).toMatchObject({ status: 429, body: { status: false, code: 'too_many_requests' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ask(double, `/info-devices?api_key=${secrets.sandbox}`)).status).toBe(200)
  })

  it('no requests a minute on this PC unless set', async () => {
    const double = await start()
    const answers = await Promise.all(
      Array.from({ length: 700 }, () => ask(double, `/info-devices?${query}`)),
    )
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  it('wrong keys a minute, by address', async () => {
    const double = await start({ 'api.requestsPerMinute': '2' })
    const wrong = () => ask(double, '/info-devices?api_key=wrong')
    expect([await wrong(), await wrong(), await wrong()].map(({ status }) => status)).toEqual([400, 400, 429])
  })

  it('open connections: idle ones go first, then new ones are refused', async () => {
    const double = await start({ 'api.maxConnections': '2' })
    const waiting = Promise.withResolvers<undefined>()
    double.outcome = async (call) => {
      await waiting.promise
      return call.recipients.map((recipient) => ({ recipient, message: mockMessage(), failure: null }))
    }
    const busy = [1, 2].map(() =>
      rawRequest(double.api.port, head(double, `GET /send-message?${query} HTTP/1.1`)),
    )
    await expect.poll(() => double.calls.length).toBe(2)
    const refused = await rawRequest(double.api.port, head(double, 'GET /health HTTP/1.1'))
    expect(refused).toMatchObject({ status: 429, body: { status: false, code: 'too_many_connections' } })
    waiting.resolve(undefined)
    expect((await Promise.all(busy)).map(({ status }) => status)).toEqual([200, 200])
    const idle = [1, 2].map(() => connect(double.api.port, '127.0.0.1'))
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    expect((await rawRequest(double.api.port, head(double, 'GET /health HTTP/1.1'))).status).toBe(200)
    for (const socket of idle) socket.destroy()
  })
})

it('a connection that is refused has nothing carried out, whatever it sends', async () => {
  const double = await start({ 'api.maxConnections': '2' })
  const waiting = Promise.withResolvers<undefined>()
  double.outcome = async (call) => {
    await waiting.promise
    return call.recipients.map((recipient) => ({ recipient, message: mockMessage(), failure: null }))
  }
  const request = head(double, `GET /send-message?${query} HTTP/1.1`)
  const busy = [1, 2].map(() => rawRequest(double.api.port, request))
  await expect.poll(() => double.calls.length).toBe(2)
  const refused = await Promise.all([1, 2, 3].map(() => rawRequest(double.api.port, request)))
  expect(refused.map(({ body }) => body['code'])).toEqual(Array(3).fill('too_many_connections'))
  waiting.resolve(undefined)
  await Promise.all(busy)
  await ask(double, '/health')
  expect(double.calls).toHaveLength(2)
})

it('connections that have shown no key go before those that have, whatever they wait for', async () => {
  const double = await start({ 'api.maxConnections': '18' })
  const waiting = Promise.withResolvers<undefined>()
  double.outcome = async (call) => {
    await waiting.promise
    return call.recipients.map((recipient) => ({ recipient, message: mockMessage(), failure: null }))
  }
  const busy = Array.from({ length: 15 }, () =>
    rawRequest(double.api.port, head(double, `GET /send-message?${query} HTTP/1.1`)),
  )
  await expect.poll(() => double.calls.length).toBe(15)
  const strangers = Array.from({ length: 20 }, () => {
    const socket = connect(double.api.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(head(double, 'POST /send-message HTTP/1.1', 'Content-Length: 100\r\n'))
    return socket
  })
  const last = rawRequest(double.api.port, head(double, `GET /send-message?${query} HTTP/1.1`))
  await expect.poll(() => double.calls.length).toBe(16)
  waiting.resolve(undefined)
  const answers = await Promise.all([...busy, last])
  expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(200))
  for (const socket of strangers) socket.destroy()
})

it('calls of one key leave an eighth of the connections to others, and the key has its places again after them', async () => {
  const double = await start({ 'api.maxConnections': '16' })
  const waiting = Promise.withResolvers<undefined>()
  double.outcome = async (call) => {
    await waiting.promise
    return call.recipients.map((recipient) => ({ recipient, message: mockMessage(), failure: null }))
  }
  const request = head(double, `GET /send-message?${query} HTTP/1.1`)
  const header = `X-API-Key: ${secrets.all}\r\nContent-Length: 100\r\n`
  const unfinished = Array.from({ length: 2 }, () => {
    const socket = connect(double.api.port, '127.0.0.1')
    socket.write(head(double, 'POST /send-message HTTP/1.1', header))
    return socket
  })
  const busy = Array.from({ length: 12 }, () => rawRequest(double.api.port, request))
  await expect.poll(() => double.calls.length).toBe(12)
  const refused = await rawRequest(double.api.port, request)
  expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_connections' } })
  expect(double.calls).toHaveLength(12)
  const others = Array.from({ length: 2 }, () => ask(double, `/info-devices?api_key=${secrets.sandbox}`))
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200])
  waiting.resolve(undefined)
  expect((await Promise.all(busy)).map(({ status }) => status)).toEqual(Array(12).fill(200))
  expect((await rawRequest(double.api.port, request)).status).toBe(200)
  for (const socket of unfinished) socket.destroy()
})

it('an answer that nobody reads is given up, with its connection', { timeout: 90_000 }, async () => {
  const double = await start()
  // More than the machine's own buffers hold.
  for (let count = 0; count < 150_000; count += 1) double.devices.push(deviceDouble({ id: String(count) }))
  const socket = connect(double.api.port, '127.0.0.1').pause()
  socket.on('error', () => undefined)
  socket.write(head(double, `GET /info-devices?${query} HTTP/1.1`))
  const isOver = () => double.api.accessLog(1)[0]?.route === '/info-devices'
  await expect.poll(isOver, { timeout: 60_000, interval: 250 }).toBe(true)
  socket.destroy()
})

it('a defect in one request is a 500 and a line of the log, and nothing else', async () => {
  const double = await start()
  double.outcome = () => {
    throw new TypeError('a defect')
  }
  const answer = await ask(double, `/send-message?${query}`)
  expect(answer).toMatchObject({ status: 500, body: { status: false, code: 'internal_error' } })
  expect((await ask(double, '/health')).status).toBe(200)
})

it('requests without a key are counted by address before anything is made for them', async () => {
  const double = await start({ 'api.requestsPerMinute': '3' })
  const statuses: number[] = []
  for (const path of ['/docs', '/nowhere', '/openapi.json', '/health', '/docs'])
    statuses.push((await ask(double, path)).status)
  expect(statuses).toEqual([200, 404, 200, 429, 429])
  expect((await ask(double, `/info-devices?${query}`)).status).toBe(200)
})

describe('stopping', () => {
  it('lets a running call finish', async () => {
    const double = await startMockServices()
    const decided = Promise.withResolvers<undefined>()
    double.outcome = async (call) => {
      await decided.promise
      return call.recipients.map((recipient) => ({ recipient, message: mockMessage(), failure: null }))
    }
    const running = ask(double, `/send-message?${query}`)
    await expect.poll(() => double.calls.length).toBe(1)
    const stopped = double.api.stop()
    decided.resolve(undefined)
    expect((await running).status).toBe(200)
    await stopped
    await expect(fetch(`${double.url}/health`)).rejects.toThrow()
  })

  it('does not wait longer than five seconds', async () => {
    const double = await startMockServices()
    double.outcome = () => new Promise(() => undefined)
    const running = ask(double, `/send-message?${query}`).catch(() => 'cut')
    await expect.poll(() => double.calls.length).toBe(1)
    const begun = performance.now()
    await double.api.stop()
    expect(performance.now() - begun).toBeGreaterThan(4_000)
    expect(await running).toBe('cut')
  })

  it('does not wait for connections that are merely open', async () => {
    const double = await startMockServices()
    await ask(double, '/health')
    const socket = connect(double.api.port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const begun = performance.now()
    await double.api.stop()
    expect(performance.now() - begun).toBeLessThan(4_000)
    socket.destroy()
  })
})

it('answers several requests on one connection, the pipelined ones too', async () => {
  const double = await start()
  const request = `GET /health HTTP/1.1\r\nHost: localhost:${String(double.api.port)}\r\n\r\n`
  const socket = connect(double.api.port, '127.0.0.1')
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString()
  })
  socket.write(request + request)
  await expect.poll(() => received.split('HTTP/1.1 200').length).toBe(3)
  socket.write(`GET /nowhere HTTP/1.1\r\nHost: localhost:${String(double.api.port)}\r\n\r\n`)
  await expect.poll(() => received.includes('path_unknown')).toBe(true)
  socket.destroy()
})
