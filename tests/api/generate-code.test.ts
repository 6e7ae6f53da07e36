import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../support/program.ts'
import { startReal, type RealApplication } from './real-application.ts'

// Pairing by a code that is typed into the phone, over HTTP and against the practice WhatsApp.

const phone = '6285500000007'

let real: RealApplication
beforeAll(async () => {
  real = await startReal()
})
afterAll(() => real.stop())

interface Asked {
  status: number
  body: Record<string, unknown>
}

async function ask(parameters: Record<string, string>, method = 'GET'): Promise<Asked> {
  const query = new URLSearchParams({ api_key: real.key, ...parameters }).toString()
  const response = await fetch(`${real.url}/generate-code?${query}`, { method })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function codeOf(device: string): Promise<string> {
  const { body } = await eventually(async () => {
    const asked = await ask({ device, force: '1' }, 'POST')
    return asked.body['status'] === 'code' && asked
  })
  return String(body['code'])
}

it('is refused for a device that there is none of for this key, unless one may be made', async () => {
  expect(await ask({ device: phone })).toMatchObject({ status: 400, body: { code: 'key_not_for_device' } })
})

it('says that it is under way until there is a code', async () => {
  expect(await ask({ device: phone, force: '1' })).toMatchObject({
    status: 200,
    body: { status: 'processing', code: null },
  })
})

it('gives the same code each time, and the phone that types it is connected', async () => {
  const code = await codeOf(phone)
  expect(code).toMatch(/^[1-9A-HJ-NP-TV-Z]{4}-[1-9A-HJ-NP-TV-Z]{4}$/)
  expect(await codeOf(phone)).toBe(code)
  await real.sandbox.enterCode(code, phone)
  await eventually(async () => (await ask({ device: phone })).body['msg'] === 'Device already connected!')
  const device = real.application.devices.byNumber(phone)
  expect(device).toMatchObject({ paired: true, state: { name: 'connected' } })
})

it('gives a code to a device whose QR is being shown', async () => {
  const other = '6285500000008'
  await eventually(async () => {
    const query = new URLSearchParams({ api_key: real.key, device: other, force: '1' }).toString()
    const answer = (await (await fetch(`${real.url}/generate-qr?${query}`)).json()) as { status: unknown }
    return answer.status === 'qrcode'
  })
  await real.sandbox.enterCode(await codeOf(other), other)
  await eventually(() => real.application.devices.byNumber(other)?.state.name === 'connected')
})
