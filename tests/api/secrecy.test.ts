import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import jsQR from 'jsqr'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { eventually, startProgram, temporaryFolder, type Program } from '../support/program.ts'

const scan = jsQR as unknown as typeof jsQR.default

const paired = '6285500000811'
const customer = '6285500000577'
const texts = {
  message: 'Rahasia-pesan-1871',
  caption: 'Rahasia-keterangan-1872',
  footer: 'Rahasia-kaki-1873',
  file: 'Rahasia-isi-1874',
  fileName: 'rahasia-nama-1875.txt',
  junk: 'Rahasia-sampah-1876',
  wrongKey: 'kurir_rahasia1877rahasia1877rahasia1877rahasia18',
  idempotency: 'rahasia-idem-1878',
}

/** Everything in the folder that is not a database or meant to hold a secret. */
function writtenOutside(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  const others = paths.filter((path) => !/\.sqlite(-wal|-shm)?$|ready\.json$|data-key|\.key$/.test(path))
  return new Map(others.map((path) => [relative(folder, path), readFileSync(path, 'latin1')]))
}

/** What is printed but for the lines that are meant to hold the key: the curl line and those about it. */
function printedAside(output: string): string {
  return output
    .split('\n')
    .filter((line) => !/^\s*(curl|Window|Key) /.test(line))
    .join('\n')
}

async function post(program: Program, path: string, body: Record<string, string> | FormData, headers = {}) {
  const init = body instanceof FormData ? body : new URLSearchParams(body)
  const response = await fetch(program.ready.api + path, { method: 'POST', body: init, headers })
  return { status: response.status, text: await response.text() }
}

async function pairAnotherDevice(program: Program, api_key: string): Promise<string> {
  const qr = await eventually(async () => {
    const { text } = await post(program, '/generate-qr', { api_key, device: paired, force: '1' })
    const url = (JSON.parse(text) as { qrcode: string | null }).qrcode
    if (url === null) return null
    const image = sharp(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')).ensureAlpha()
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
    return scan(new Uint8ClampedArray(data), info.width, info.height)?.data
  })
  const control = program.ready.sandbox?.control ?? ''
  await fetch(`${control}/scan`, { method: 'POST', body: JSON.stringify({ qr, number: paired }) })
  await eventually(async () =>
    (await post(program, '/info-devices', { api_key, number: paired })).text.includes('"Connected"'),
  )
  return qr
}

async function scenario(program: Program): Promise<{ secrets: string[]; answers: string }> {
  const api_key = program.ready.apiKey ?? ''
  const qr = await pairAnotherDevice(program, api_key)
  const answers: string[] = []
  const send = async (changes: Record<string, string>, path = '/send-message') => {
    const message = {
      api_key,
      sender: paired,
      number: customer,
      message: texts.message,
      footer: texts.footer,
    }
    const { text } = await post(
      program,
      path,
      { ...message, ...changes },
      { 'Idempotency-Key': texts.idempotency + path + JSON.stringify(Object.keys(changes)) },
    )
    answers.push(text)
    return text
  }
  expect(await send({})).toContain('"status":true')
  await send({ number: '6285500000101' })
  await send({ number: '6285500000201' })
  await send({ api_key: texts.wrongKey })
  await send({ sender: '62899123456789' })
  await send({ message: texts.junk.repeat(4_000) })
  await send(
    {
      [texts.junk]: '1',
      media_type: 'image',
      url: `http://10.0.0.1/${texts.junk}?s=${texts.junk}`,
      caption: texts.caption,
    },
    '/send-media',
  )
  await send({ url: `file:///${texts.junk}`, media_type: 'pdf' }, '/send-media')
  const file = new FormData()
  const fields = { api_key, sender: paired, number: customer, media_type: 'document', caption: texts.caption }
  for (const [name, value] of Object.entries(fields)) file.append(name, value)
  file.append('file', new Blob([texts.file]), texts.fileName)
  expect((await post(program, '/send-media', file)).text).toContain('"status":true')
  const broken = await fetch(`${program.ready.api}/send-message`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: `{"message": "${texts.junk}`,
  })
  answers.push(await broken.text())
  await fetch(`${program.ready.api}/${texts.junk}/${customer}?api_key=${api_key}`)
  await post(program, '/logout-device', { api_key, sender: paired })
  await post(program, '/delete-device', { api_key, sender: paired })
  return { secrets: [api_key, qr, ...qr.split(',')], answers: answers.join('\n') }
}

it(
  'nothing personal is written outside the database, whatever happens, with the log at its most talkative',
  { timeout: 90_000 },
  async () => {
    const folder = temporaryFolder()
    const args = ['--sandbox', '--setting', 'diagnostics.logLevel=trace']
    const first = await startProgram({ folder, args })
    const { secrets, answers } = await scenario(first)
    const title = execFileSync('ps', ['-o', 'args=', '-p', String(first.process.pid)], { encoding: 'utf8' })
    // Killed in the middle of a send that is never acknowledged.
    const body = {
      api_key: first.ready.apiKey ?? '',
      sender: '6285500000000',
      number: '6285500000399',
      message: texts.message,
    }
    const cut = post(first, '/send-message', body).catch(() => 'cut')
    await eventually(
      async () => ((await (await fetch(`${first.ready.api}/health`)).json()) as { queue: number }).queue > 0,
    )
    await first.kill()
    await cut
    const second = await startProgram({ folder, args })
    expect(await second.stop()).toBe(0)

    const written = writtenOutside(folder)
    // The search has something to search: what happened is in the log, without what it was about.
    expect(written.get('data/kurir.log')).toContain('"route":"/send-media"')
    written.set('printed', printedAside(first.output() + second.output()))
    written.set('title', title)
    const numbers = [paired, customer, '6285500000101', '6285500000399', '62899123456789', '6285500000000']
    const needles = [...secrets, ...Object.values(texts), ...numbers].filter((needle) => needle.length > 3)
    const hits = [...written].flatMap(([name, content]) =>
      needles.filter((needle) => content.includes(needle)).map((needle) => `${name}: ${needle.slice(0, 30)}`),
    )
    expect(hits).toEqual([])
    for (const [name, content] of written) {
      // A private key of Curve25519, in base64 or in hex, or as Node prints buffers.
      expect({
        name,
        found: /[A-Za-z0-9+/]{43}=|(?<![\da-f])[\da-f]{64}(?![\da-f])|<Buffer/.exec(content)?.[0] ?? null,
      }).toEqual({ name, found: null })
    }
    const inAnswers = [...secrets, ...Object.values(texts)].filter(
      (needle) => needle.length > 3 && answers.includes(needle),
    )
    expect(inAnswers).toEqual([])
  },
)
