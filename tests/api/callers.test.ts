import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawRequest } from './raw-request.ts'
import { recipient, sender, startReal, type RealApplication } from './real-application.ts'
import { has, run } from './run-tool.ts'

// Each form is one of a program seen in public code, made here by the same tool and read back by a recipient.

let real: RealApplication
beforeAll(async () => {
  real = await startReal()
})
afterAll(() => real.stop())

let counter = 0
/** A text that no other test sends, with all that is hard to carry. */
const someText = () =>
  `Pesanan #${String((counter += 1))}: 2 × "Kopi & Susu" = Rp 30.000 (diskon 10%) 😀\nTerima kasih`

const values = (message: string) => ({ api_key: real.key, sender, number: recipient, message })
const query = (message: string) => new URLSearchParams(values(message)).toString()

const answered = (printed: string) => JSON.parse(printed) as Record<string, unknown>

async function expectReceived(message: string, to = recipient): Promise<void> {
  await expect.poll(() => real.inbox(to).filter((received) => received.text === message).length).toBe(1)
}

describe.skipIf(!has('php'))('PHP', () => {
  const php = (code: string) => run('php', ['-d', 'default_socket_timeout=15', '-r', code])
  const literal = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const asArray = (of: Record<string, string>) =>
    `[${Object.entries(of)
      .map(([name, value]) => `${literal(name)} => ${literal(value)}`)
      .join(', ')}]`
  const post = (body: string, type: string, path = '/send-message') =>
    php(`echo file_get_contents(${literal(real.url + path)}, false, stream_context_create(['http' => [
      'method' => 'POST', 'header' => ${literal(`Content-Type: ${type}`)}, 'content' => ${body}, 'ignore_errors' => true]]));`)

  it('posts JSON', async () => {
    const message = someText()
    const printed = await post(`json_encode(${asArray(values(message))})`, 'application/json')
    expect(answered(printed)).toMatchObject({ status: true, msg: 'Message sent successfully!' })
    await expectReceived(message)
  })

  it('file_get_contents() with an encoded address', async () => {
    const message = someText()
    const printed = await php(
      `echo file_get_contents(${literal(`${real.url}/send-message?`)} . http_build_query(${asArray(values(message))}));`,
    )
    expect(answered(printed)).toMatchObject({ status: true })
    await expectReceived(message)
  })

  it('file_get_contents() with a message that nobody encoded: a hint, and nothing is sent', async () => {
    const address = `${real.url}/send-message?api_key=${real.key}&sender=${sender}&number=${recipient}&message=Halo dunia`
    const printed = await php(
      `echo file_get_contents(${literal(address)}, false, stream_context_create(['http' => ['ignore_errors' => true]]));`,
    )
    expect(answered(printed)).toMatchObject({ status: false, code: 'request_malformed' })
    expect(String(answered(printed)['msg'])).toContain('URL-encode')
  })

  it('Laravel’s Http::asForm()', async () => {
    const message = someText()
    const printed = await post(
      `http_build_query(${asArray(values(message))}, '', '&', PHP_QUERY_RFC1738)`,
      'application/x-www-form-urlencoded',
    )
    expect(answered(printed)).toMatchObject({ status: true })
    await expectReceived(message)
  })

  it('CodeIgniter with a raw form string whose message nobody encoded', async () => {
    const message = `Nota ${String((counter += 1))}: kopi & susu, diskon 10%, 50% lunas\nTerima kasih`
    const raw = `api_key=${real.key}&sender=${sender}&number=${recipient}&message=${message}`
    const printed = await post(literal(raw), 'application/x-www-form-urlencoded')
    expect(answered(printed)).toMatchObject({ status: true })
    await expectReceived(message)
  })

  it('WordPress with everything in the query and an empty body', async () => {
    const message = someText()
    const printed = await post("''", 'application/x-www-form-urlencoded', `/send-message?${query(message)}`)
    expect(answered(printed)).toMatchObject({ status: true })
    await expectReceived(message)
  })

  it('Guzzle’s GET with a query', async () => {
    const message = someText()
    const printed = await php(
      `echo file_get_contents(${literal(`${real.url}/send-message?`)} .
        http_build_query(${asArray(values(message))}, '', '&', PHP_QUERY_RFC3986), false,
        stream_context_create(['http' => ['header' => "User-Agent: GuzzleHttp/7\\r\\nConnection: close"]]));`,
    )
    expect(answered(printed)).toMatchObject({ status: true })
    await expectReceived(message)
  })
})

describe.skipIf(!has('curl'))('libcurl, as PHP’s curl functions use it', () => {
  it('posts JSON', async () => {
    const message = someText()
    const words = ['-sS', '-X', 'POST', `${real.url}/send-message`, '-H', 'Content-Type: application/json']
    const printed = await run('curl', [...words, '-d', JSON.stringify(values(message))])
    expect(answered(printed)).toMatchObject({ status: true, state: expect.any(String) as string })
    await expectReceived(message)
  })

  it('posts an array as multipart', async () => {
    const message = someText()
    const fields = Object.entries(values(message)).flatMap(([name, value]) => [
      '--form-string',
      `${name}=${value}`,
    ])
    expect(answered(await run('curl', ['-sS', `${real.url}/send-message`, ...fields]))).toMatchObject({
      status: true,
    })
    await expectReceived(message)
  })

  it('posts a raw string', async () => {
    const message = `Tagihan ${String((counter += 1))} & denda 2%`
    const raw = `api_key=${real.key}&sender=${sender}&number=${recipient}&message=${message}`
    const printed = await run('curl', ['-sS', `${real.url}/send-message`, '--data-raw', raw])
    expect(answered(printed)).toMatchObject({ status: true })
    await expectReceived(message)
  })

  it('C# with an address made from a template, as Uri escapes it', async () => {
    const message = `Antrian ${String((counter += 1))} siap`
    const address = `${real.url}/send-message?api_key=${real.key}&sender=${sender}&number=${recipient}&message=${encodeURI(message)}`
    expect(answered(await run('curl', ['-sS', address]))).toMatchObject({ status: true })
    await expectReceived(message)
  })

  it('over ::1 and by the name localhost', async () => {
    const message = someText()
    const address = `http://localhost:${String(real.port)}/send-message?${query(message)}`
    expect(answered(await run('curl', ['-sS', address]))).toMatchObject({ status: true })
    await expectReceived(message)
  })
})

describe.skipIf(!has('python3'))('Python', () => {
  const python = (code: string, ...words: string[]) => run('python3', ['-c', code, ...words])

  it('requests.post(data=…) with 15 s timeout', async () => {
    const message = someText()
    const printed = await python(
      `import json, sys, urllib.parse, urllib.request
data = urllib.parse.urlencode(json.loads(sys.argv[2])).encode()
headers = {"User-Agent": "python-requests/2.32", "Accept": "*/*"}
print(urllib.request.urlopen(urllib.request.Request(sys.argv[1], data, headers), timeout=15).read().decode())`,
      `${real.url}/send-message`,
      JSON.stringify(values(message)),
    )
    expect(answered(printed)).toMatchObject({ status: true })
    await expectReceived(message)
  })

  it('Django’s GET with 5 s timeout, answered in time though nothing is confirmed', async () => {
    const begun = performance.now()
    const printed = await python(
      `import sys, urllib.error, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())
except urllib.error.HTTPError as refusal:
    print(refusal.read().decode())`,
      `${real.url}/send-message?${new URLSearchParams({ ...values('Belum'), number: '6285500000301' }).toString()}`,
    )
    expect(answered(printed)).toMatchObject({ status: false, code: 'not_confirmed' })
    expect(performance.now() - begun).toBeGreaterThan(4_000)
  })
})

describe('small devices', () => {
  const headers = (more: string) => `Host: 127.0.0.1:${String(real.port)}\r\nConnection: close\r\n${more}\r\n`

  it('an ESP32: POST, query in the URL, form content type, the URL again as body', async () => {
    const message = `Suhu ${String((counter += 1))} derajat`
    const path = `/send-message?${query(message)}`
    const body = `http://127.0.0.1:${String(real.port)}${path}`
    const answer = await rawRequest(
      real.port,
      `POST ${path} HTTP/1.1\r\n${headers(
        'User-Agent: ESP32HTTPClient\r\nAccept-Encoding: identity;q=1,chunked;q=0.1,*;q=0\r\n' +
          `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${String(body.length)}\r\n`,
      )}${body}`,
    )
    expect(answer).toMatchObject({ status: 200, body: { status: true } })
    await expectReceived(message)
  })

  it('an ESP8266 that speaks HTTP/1.0 and sends JSON without a content type', async () => {
    const message = `Pintu ${String((counter += 1))} terbuka`
    const body = JSON.stringify(values(message))
    const answer = await rawRequest(
      real.port,
      `POST /send-message HTTP/1.0\r\n${headers(`Content-Length: ${String(Buffer.byteLength(body))}\r\n`)}${body}`,
    )
    expect(answer).toMatchObject({ status: 200, body: { status: true } })
    await expectReceived(message)
  })

  it.each([
    ['a number', recipient],
    ['a group', '120363000000000001@g.us'],
  ])('MikroTik’s /tool fetch to %s', async (_what, number) => {
    const message = `PPPoE ${String((counter += 1))} putus`
    const target = `/send-message?api_key=${real.key}&sender=${sender}&number=${number}&message=${encodeURIComponent(message)}`
    const answer = await rawRequest(
      real.port,
      `GET ${target} HTTP/1.1\r\n${headers('User-Agent: Mikrotik/6.x Fetch\r\nAccept: */*\r\n')}`,
    )
    expect(answer).toMatchObject({ status: 200, body: { status: true } })
    const arrived = () => real.inbox().filter(({ text: received }) => received === message)
    await expect.poll(() => arrived().length).toBeGreaterThan(0)
  })
})

describe('Node and Deno', () => {
  it('axios GET with a sender in its local form', async () => {
    const message = someText()
    const parameters = { ...values(message), sender: '085500000000', number: '0855-0000-0500' }
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    get(`${real.url}/send-message?${new URLSearchParams(parameters).toString()}`, (response) => {
      text(response).then(resolve, reject)
    }).on('error', reject)
    expect(answered(await promise)).toMatchObject({ status: true })
    await expectReceived(message)
  })

  it('Supabase: POST JSON and, when that is not ok, the same by GET, which is not sent twice', async () => {
    const message = someText()
    const silent = '6285500000302'
    const parameters = { ...values(message), number: silent }
    const first = await fetch(`${real.url}/send-message`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(parameters),
    })
    const posted = (await first.json()) as Record<string, unknown>
    expect({ ok: first.ok, code: posted['code'] }).toEqual({ ok: false, code: 'not_confirmed' })
    const second = await fetch(`${real.url}/send-message?${new URLSearchParams(parameters).toString()}`)
    const got = (await second.json()) as Record<string, unknown>
    expect(got).toMatchObject({ code: 'not_confirmed', id: posted['id'] })
    expect(real.inbox(silent).filter((received) => received.text === message)).toHaveLength(1)
  })

  it('two calls that were both answered are two messages', async () => {
    const message = someText()
    for (let call = 0; call < 2; call += 1) {
      const response = await fetch(`${real.url}/send-message?${query(message)}`)
      expect(response.status).toBe(200)
      await response.text()
    }
    await expect
      .poll(() => real.inbox(recipient).filter((received) => received.text === message).length)
      .toBe(2)
  })
})
