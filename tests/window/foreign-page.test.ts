import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recipient, sender, startReal, type RealApplication } from '../api/real-application.ts'

// A page that somebody else wrote, in a real browser on this PC, with a leaked key: everything that it can try.

let real: RealApplication
let foreign: Server
let browser: Browser
let page: Page

beforeAll(async () => {
  real = await startReal()
  foreign = createServer((request, response) => {
    response.setHeader('content-type', request.url === '/worker.js' ? 'text/javascript' : 'text/html')
    response.end(request.url === '/worker.js' ? workerCode : '<!doctype html><title>foreign</title><body>')
  })
  await new Promise<void>((resolve) => {
    foreign.listen(0, '127.0.0.1', resolve)
  })
  browser = await chromium.launch({
    executablePath: process.env['KURIR_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-proxy-server', '--host-resolver-rules=MAP *.example 127.0.0.1'],
  })
})
afterAll(async () => {
  await browser.close()
  foreign.close()
  await real.stop()
})

const workerCode =
  'onmessage = ({ data }) => fetch(data).then((r) => r.text()).then(postMessage, () => postMessage("refused"))'

/** The address that would send a message, were it called by a program. */
function target(host = '127.0.0.1'): string {
  const parameters = new URLSearchParams({
    api_key: real.key,
    sender,
    number: recipient,
    message: 'from a page',
  })
  return `http://${host}:${String(real.port)}/send-message?${parameters.toString()}`
}

async function openForeignPage(): Promise<void> {
  page = await browser.newPage()
  await page.goto(`http://evil.example:${String((foreign.address() as AddressInfo).port)}/`)
}

const entries = () => real.application.api.accessLog(500)

/**
 * The statuses of what reached the API while `attempt` ran; none where the browser itself stopped it. Without
 * the browser's own question for the icon of a page that it shows, be it a refusal: it may come at any time.
 */
async function reached(attempt: () => Promise<unknown>, expectSome: boolean): Promise<number[]> {
  const before = entries().length
  await attempt()
  const news = () =>
    entries()
      .slice(0, entries().length - before)
      .filter(({ result }) => result !== 'path_unknown')
  if (expectSome) await expect.poll(() => news().length).toBeGreaterThan(0)
  else await pause(1_000)
  return news().map(({ status }) => status)
}

/** How a page may try, as code for it, and whether the browser lets the request out at all. */
const means: Record<string, { code: string; leaves: boolean }> = {
  'an image': { code: 'new Image().src = url', leaves: true },
  'an image in CSS': { code: 'document.body.style.background = `url("${url}")`', leaves: true },
  'a style sheet': { code: `add('link', { rel: 'stylesheet', href: url })`, leaves: true },
  'a script': { code: `add('script', { src: url })`, leaves: true },
  'a module script': { code: `add('script', { type: 'module', src: url })`, leaves: true },
  'a frame': { code: `add('iframe', { src: url })`, leaves: true },
  'a sandboxed frame': { code: `add('iframe', { sandbox: 'allow-scripts', src: url })`, leaves: true },
  'an object': { code: `add('object', { data: url })`, leaves: true },
  'an embedded document': { code: `add('embed', { src: url })`, leaves: true },
  'a video': { code: `add('video', { src: url, preload: 'auto' })`, leaves: true },
  'an audio track': { code: `add('audio', { src: url, preload: 'auto' })`, leaves: true },
  'a font': {
    code: `new FontFace('x', 'url("' + url + '")').load().catch(() => 0)`,
    leaves: true,
  },
  'a preload': { code: `add('link', { rel: 'preload', as: 'image', href: url })`, leaves: true },
  'a prefetch': { code: `add('link', { rel: 'prefetch', href: url })`, leaves: true },
  'a form by GET': {
    code: `const frame = add('iframe', { name: 'f1' }); const form = add('form', { action: url, target: 'f1' });
      for (const [name, value] of new URL(url).searchParams) { const input = document.createElement('input'); input.name = name; input.value = value; form.append(input) }
      form.submit()`,
    leaves: true,
  },
  'a form by POST': {
    code: `add('iframe', { name: 'f2' }); add('form', { action: url, method: 'POST', target: 'f2' }).submit()`,
    leaves: true,
  },
  'a form as multipart': {
    code: `add('iframe', { name: 'f3' }); add('form', { action: url, method: 'POST', enctype: 'multipart/form-data', target: 'f3' }).submit()`,
    leaves: true,
  },
  'a form as text/plain': {
    code: `add('iframe', { name: 'f4' }); add('form', { action: url, method: 'POST', enctype: 'text/plain', target: 'f4' }).submit()`,
    leaves: true,
  },
  'fetch with CORS': { code: 'await read(fetch(url))', leaves: true },
  'fetch without CORS': { code: `await read(fetch(url, { mode: 'no-cors' }))`, leaves: true },
  'fetch with credentials': { code: `await read(fetch(url, { credentials: 'include' }))`, leaves: true },
  'fetch of the same origin only': { code: `await read(fetch(url, { mode: 'same-origin' }))`, leaves: false },
  'fetch by POST without CORS': {
    code: `await read(fetch(url, { method: 'POST', mode: 'no-cors', body: new URL(url).searchParams }))`,
    leaves: true,
  },
  'fetch by POST of JSON, which asks first': {
    code: `await read(fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }))`,
    leaves: true,
  },
  'fetch that outlives the page': { code: 'await read(fetch(url, { keepalive: true }))', leaves: true },
  'fetch by PUT': { code: `await read(fetch(url, { method: 'PUT' }))`, leaves: true },
  XMLHttpRequest: {
    code: `await new Promise((done) => { const x = new XMLHttpRequest(); x.onloadend = () => { answer = x.responseText; done() }; x.open('GET', url); x.send() })`,
    leaves: true,
  },
  sendBeacon: { code: 'navigator.sendBeacon(url, new URL(url).searchParams)', leaves: true },
  'a ping of a link': {
    code: `const link = add('a', { href: '#', ping: url }); link.textContent = 'x'; link.click()`,
    leaves: true,
  },
  EventSource: { code: 'new EventSource(url)', leaves: true },
  WebSocket: {
    code: `await new Promise((done) => { const s = new WebSocket(url.replace('http:', 'ws:')); s.onmessage = (e) => { answer = e.data }; s.onerror = s.onclose = done })`,
    leaves: true,
  },
  'a worker': {
    code: `await new Promise((done) => { const w = new Worker('/worker.js'); w.onmessage = ({ data }) => { answer = data === 'refused' ? '' : data; done() }; w.postMessage(url) })`,
    leaves: true,
  },
  'a worker from there': { code: 'try { new Worker(url) } catch {}', leaves: false },
  'a window': { code: `window.open(url, '_blank')`, leaves: true },
  'speculation rules': {
    code: `const rules = document.createElement('script'); rules.type = 'speculationrules';
      rules.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [url], eagerness: 'immediate' }], prerender: [{ source: 'list', urls: [url], eagerness: 'immediate' }] });
      document.head.append(rules)`,
    leaves: true,
  },
  'going there itself': { code: 'location.href = url', leaves: true },
}

const prelude = `let answer = ''
const add = (name, attributes) => { const element = document.createElement(name); for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value); document.body.append(element); return element }
const read = async (response) => { try { answer = await (await response).text() } catch { answer = '' } }`

/** Runs the code in the page; the answer is what it could read. */
function tryIt(code: string, url: string): Promise<string> {
  const body = `(async (url) => { ${prelude}\n${code}\nreturn answer })(${JSON.stringify(url)})`
  // A page that leaves in the middle of it has read nothing.
  return page.evaluate(body).then(String, () => '')
}

async function nothingWasSent(): Promise<void> {
  expect(real.application.messages.list({ limit: 10 })).toEqual([])
  expect(real.inbox()).toEqual([])
}

describe('a page of another origin is refused', () => {
  for (const [name, { code, leaves }] of Object.entries(means)) {
    it.each(['127.0.0.1', 'localhost'])(`${name}, to %s`, async (host) => {
      await openForeignPage()
      let read = ''
      const statuses = await reached(async () => {
        read = await tryIt(code, target(host))
      }, leaves)
      expect(statuses.filter((status) => status !== 403)).toEqual([])
      expect(read).toBe('')
      await nothingWasSent()
      await page.context().close()
    })
  }
})

describe('a page under a name that leads to 127.0.0.1 is refused', () => {
  const host = 'rebound.example'

  it.each([
    'fetch with CORS',
    'XMLHttpRequest',
    'sendBeacon',
    'WebSocket',
    'an image',
    'a frame',
    'a form by POST',
  ])('%s', async (name) => {
    page = await browser.newPage()
    // Its own origin is the API's own address under that name, as after a change of the name's address.
    await page.goto(`http://${host}:${String(real.port)}/`)
    let read = ''
    const statuses = await reached(async () => {
      read = await tryIt(means[name]?.code ?? '', target(host))
    }, true)
    expect(statuses.filter((status) => status !== 403)).toEqual([])
    // Its scripts count as same-origin there, so that the refusal can be read: it says nothing.
    if (read !== '') expect(JSON.parse(read)).toMatchObject({ status: false, code: 'host_not_allowed' })
    await nothingWasSent()
    await page.context().close()
  })
})

it('an origin that the operator listed gets in, to show that the attempts above were real ones', async () => {
  await openForeignPage()
  real.application.settings.set('api.allowedOrigins', [new URL(page.url()).origin])
  try {
    expect(JSON.parse(await tryIt('await read(fetch(url))', target()))).toMatchObject({ status: true })
    await expect.poll(() => real.inbox().length).toBe(1)
  } finally {
    real.application.settings.set('api.allowedOrigins', [])
  }
})
