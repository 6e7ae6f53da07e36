import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Failure } from '../../src-main/lib/failure.ts'
import type { FailureCode } from '../../src-main/lib/failure-codes.ts'
import { mockMessage, secrets, sender, startMockServices, type MockServices } from './mock-services.ts'

let double: MockServices
const sent = async (call: { recipients: string[] }) =>
  call.recipients.map((recipient) => ({ recipient, message: mockMessage({ recipient }), failure: null }))

beforeAll(async () => {
  double = await startMockServices()
})
afterAll(() => double.api.stop())
beforeEach(() => {
  double.calls.length = 0
  double.markAnswered.length = 0
  double.outcome = sent
})

async function call(changes: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const parameters = { api_key: secrets.all, sender, number: '6285500000500', message: 'Halo', ...changes }
  const response = await fetch(`${double.url}/send-message`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(parameters),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

const refusedWith = (code: FailureCode, state: 'queued' | 'sending' | 'failed' | null = 'failed') => {
  double.outcome = (submitted) =>
    submitted.recipients.map((recipient) => ({
      recipient,
      message: state === null ? null : mockMessage({ recipient, state }),
      failure: { code, reason: 'A sentence.' },
    }))
}

describe('a message', () => {
  it('that was sent is answered with its id', async () => {
    const answer = await call()
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      status: true,
      msg: 'Message sent successfully!',
      id: '3EB0TEST',
      state: 'sent',
    })
  })

  it('that went to another number than the one asked for names it, also with full=1', async () => {
    double.otherJid = '556187654321@s.whatsapp.net'
    try {
      const number = '+55 61 98765-4321'
      expect((await call({ number })).body).toMatchObject({ status: true, jid: double.otherJid })
      expect((await call({ number, full: 1 })).body).toMatchObject({
        data: { key: { remoteJid: double.otherJid } },
      })
      const several = await call({ number: `${number}|6285500000500` })
      expect(several.body['results']).toMatchObject([{ jid: double.otherJid }, { jid: double.otherJid }])
    } finally {
      double.otherJid = null
    }
  })

  it('that was sent is answered in WhatsApp’s own form with full=1', async () => {
    expect((await call({ full: 1 })).body).toEqual({
      status: true,
      data: {
        key: { remoteJid: '6285500000500@s.whatsapp.net', fromMe: true, id: '3EB0TEST' },
        message: { conversation: 'Halo' },
        messageTimestamp: '1700000001',
      },
      id: '3EB0TEST',
      state: 'sent',
    })
  })

  it('to a group is answered with the group', async () => {
    const { body } = await call({ full: true, number: '120363000000000000@g.us' })
    expect(body).toMatchObject({ data: { key: { remoteJid: '120363000000000000@g.us' } } })
  })

  it('that was queued at the caller’s wish is answered so', async () => {
    double.outcome = async () => [
      { recipient: '6285500000500', message: mockMessage({ state: 'queued' }), failure: null },
    ]
    const answer = await call({ queue: 1, full: 1 })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ status: true, state: 'queued', id: '3EB0TEST' })
    expect(double.calls[0]?.queue).toBe(true)
  })

  it.each([
    ['not_confirmed', 'sending'],
    ['device_disconnected', null],
    ['not_on_whatsapp', 'failed'],
    ['contact_locked', 'failed'],
    ['lookup_failed', 'failed'],
  ] as const)('that failed with %s is answered 400', async (code, state) => {
    refusedWith(code, state)
    const answer = await call()
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ status: false, code, msg: 'A sentence.', message: 'A sentence.' })
    expect(answer.body['id']).toBe(state === null ? undefined : '3EB0TEST')
  })

  it('refused because too much waits is answered 429 with Retry-After', async () => {
    double.outcome = () => {
      throw new Failure('queue_full', 'Too much waits.', { until: Date.now() + 3_500 })
    }
    const answer = await call()
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('4')
  })

  it('hit by a defect is answered without saying more than that', async () => {
    double.outcome = () => {
      throw new TypeError('cannot read 6285500000500')
    }
    const answer = await call()
    expect(answer.status).toBe(500)
    expect(answer.body['code']).toBe('internal_error')
    expect(answer.body['msg']).toContain('kurir.log')
    expect(JSON.stringify(answer.body)).not.toContain('6285500000500')
  })

  it('has a budget of 4.5 seconds from the request’s arrival', async () => {
    await call()
    expect(double.calls[0]?.budgetMs).toBeLessThanOrEqual(4_500)
    expect(double.calls[0]?.budgetMs).toBeGreaterThan(2_000)
  })

  it('carries what the call said and leaves the key behind', async () => {
    await call({ footer: 'Toko', msgid: '3EB0OLD', surprise: 1 }, { 'idempotency-key': 'order-7' })
    expect(double.calls[0]).toMatchObject({
      deviceId: 'device-1',
      content: { kind: 'text', text: 'Halo' },
      footer: 'Toko',
      quotedId: '3EB0OLD',
      via: 'api',
      key: { name: 'all' },
      idempotencyKey: 'order-7',
      queue: false,
      parameters: { sender, number: '6285500000500', msgid: '3EB0OLD' },
    })
    expect(JSON.stringify(double.calls[0])).not.toContain(secrets.all)
    expect(double.calls[0]?.parameters).not.toHaveProperty('message')
  })
})

describe('several recipients', () => {
  const number = '6285500000500|6285500000100|6285500000300'

  it('are sent to when one was', async () => {
    double.outcome = async () => [
      {
        recipient: '6285500000100',
        message: mockMessage({ id: 'A', state: 'failed' }),
        failure: { code: 'not_on_whatsapp', reason: 'Not there.' },
      },
      { recipient: '6285500000500', message: mockMessage({ id: 'B' }), failure: null },
      {
        recipient: '6285500000300',
        message: mockMessage({ id: 'C', state: 'sending' }),
        failure: { code: 'not_confirmed', reason: 'Not yet.' },
      },
    ]
    const answer = await call({ number })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      status: true,
      msg: 'Message sent successfully!',
      id: 'B',
      state: 'sent',
      results: [
        {
          number: '6285500000100',
          status: false,
          id: 'A',
          state: 'failed',
          code: 'not_on_whatsapp',
          msg: 'Not there.',
        },
        { number: '6285500000500', status: true, id: 'B', state: 'sent' },
        {
          number: '6285500000300',
          status: false,
          id: 'C',
          state: 'sending',
          code: 'not_confirmed',
          msg: 'Not yet.',
        },
      ],
    })
  })

  it('are refused when none was, and say first what may still arrive', async () => {
    double.outcome = async () => [
      {
        recipient: '6285500000100',
        message: mockMessage({ id: 'A', state: 'failed' }),
        failure: { code: 'not_on_whatsapp', reason: 'Not there.' },
      },
      {
        recipient: '6285500000300',
        message: mockMessage({ id: 'C', state: 'sending' }),
        failure: { code: 'not_confirmed', reason: 'Not yet.' },
      },
    ]
    const answer = await call({ number })
    expect(answer).toMatchObject({ status: 400, body: { status: false, code: 'not_confirmed', id: 'C' } })
    expect(answer.body['results']).toHaveLength(2)
  })
})

describe('an answer is told', () => {
  it('once it was written whole', async () => {
    await call()
    await expect.poll(() => double.markAnswered.length).toBe(1)
  })

  it('when it is a refusal too', async () => {
    refusedWith('not_on_whatsapp')
    await call()
    await expect.poll(() => double.markAnswered.length).toBe(1)
  })

  it('not when the caller gave up before', async () => {
    const submitted = Promise.withResolvers<undefined>()
    const decided = Promise.withResolvers<undefined>()
    double.outcome = async (submittedCall) => {
      submitted.resolve(undefined)
      await decided.promise
      return sent(submittedCall)
    }
    const abort = new AbortController()
    const parameters = { api_key: secrets.all, sender, number: '6285500000500', message: 'Halo' }
    const waiting = fetch(`${double.url}/send-message?${new URLSearchParams(parameters).toString()}`, {
      signal: abort.signal,
    })
    await submitted.promise
    abort.abort()
    await expect(waiting).rejects.toThrow()
    // Whether it only has nothing more to say, or is gone, is seen when its answer is written: this is after its end came.
    await fetch(`${double.url}/health`)
    await fetch(`${double.url}/health`)
    decided.resolve(undefined)
    await expect.poll(() => double.api.accessLog(1)[0]?.result).toBe('caller_gone')
    // A later call that is told shows that the earlier one had its time.
    double.outcome = sent
    await call()
    await expect.poll(() => double.markAnswered.length).toBe(1)
  })
})

describe('keys', () => {
  it.each([
    ['none', { api_key: undefined }, 'key_missing'],
    ['an unknown one', { api_key: 'kurir_nobody' }, 'key_unknown'],
    ['an expired one', { api_key: secrets.expired }, 'key_expired'],
    ['one of another device', { api_key: secrets.other }, 'key_not_for_device'],
    ['one that may only read', { api_key: secrets.readOnly }, 'key_lacks_right'],
  ] as const)('%s is answered 400', async (_what, changes, code) => {
    const answer = await call(changes)
    expect(answer).toMatchObject({ status: 400, body: { status: false, code } })
    expect(double.calls).toHaveLength(0)
  })

  it('are asked for before anything is said about parameters', async () => {
    expect(await call({ api_key: 'kurir_nobody', sender: undefined })).toMatchObject({
      body: { code: 'key_unknown' },
    })
  })

  it('for other devices do not tell which numbers are devices', async () => {
    const there = await call({ api_key: secrets.other })
    const nowhere = await call({ api_key: secrets.other, sender: '628999999999' })
    expect(nowhere).toMatchObject({ status: 400, body: { code: 'key_not_for_device' } })
    expect(nowhere).toEqual(there)
  })

  it.each(['628999999999', 'x', '62'])('the sender %s is unknown', async (unknown) => {
    expect(await call({ sender: unknown })).toMatchObject({ status: 400, body: { code: 'sender_unknown' } })
  })

  it.each(['+62 855-0000-0000', '085500000000', '00 62 85500000000', '62085500000000', 6285500000000])(
    'the sender may be written %s',
    async (written) => {
      expect((await call({ sender: written })).status).toBe(200)
    },
  )
})
