import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { calls } from '../../src-preload/contract.ts'
import { Failure } from '../../src-main/lib/failure.ts'
import { ipcOf, type Handlers } from '../../src-main/ipc/ipc.ts'
import { requestSchemas } from '../../src-main/ipc/schemas.ts'

/** Its own log, to be read by the test. */
function logged(): { log: ReturnType<typeof pino>; lines: string[] } {
  const lines: string[] = []
  return { log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }), lines }
}

function ipcWith(handlers: Partial<Record<keyof Handlers, (request: unknown) => unknown>>) {
  const { log, lines } = logged()
  return { ipc: ipcOf(handlers as unknown as Handlers, log), lines }
}

test('there is a schema for every call of the contract, and for no other', () => {
  expect(Object.keys(requestSchemas).sort()).toEqual(Object.keys(calls).sort())
})

describe('a call', () => {
  test('is answered with the value of its handler', async () => {
    const { ipc } = ipcWith({ 'devices.list': () => [] })
    expect(await ipc.answer('devices.list', {})).toEqual({ ok: true, value: [] })
  })

  test('never reaches its handler in a wrong form', async () => {
    let reached = false
    const { ipc } = ipcWith({
      'devices.rename': () => {
        reached = true
        return null
      },
    })
    const outcome = await ipc.answer('devices.rename', { id: 'a', name: 7 })
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'parameter_invalid', errors: { name: expect.any(String) } },
    })
    expect(reached).toBe(false)
  })

  test('comes to its handler trimmed, without what the schema does not know', async () => {
    const seen: unknown[] = []
    const { ipc } = ipcWith({ 'devices.rename': (request) => void seen.push(request) })
    await ipc.answer('devices.rename', { id: 'a', name: '  Kasir ' })
    expect(seen).toEqual([{ id: 'a', name: 'Kasir' }])
  })

  test('that fails tells code, sentence, parameters and time', async () => {
    const { ipc } = ipcWith({
      'devices.list': () => {
        throw new Failure('ceiling_reached', 'Later.', { until: 9, errors: { a: 'b' } })
      },
    })
    expect(await ipc.answer('devices.list', {})).toEqual({
      ok: false,
      error: { code: 'ceiling_reached', message: 'Later.', until: 9, errors: { a: 'b' } },
    })
  })

  test('that breaks says nothing of why but in the log', async () => {
    const { ipc, lines } = ipcWith({ 'devices.list': () => Promise.reject(new Error('inner secret')) })
    const outcome = await ipc.answer('devices.list', {})
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'internal_error', message: expect.stringContaining('kurir.log') as string },
    })
    expect(JSON.stringify(outcome)).not.toContain('inner secret')
    expect(lines.join('')).toContain('"call":"devices.list"')
  })

  test.each(['__proto__', 'hasOwnProperty', 'devices', '', 7, null, undefined, ['devices.list']])(
    '%j is none',
    async (name) => {
      const { ipc } = ipcWith({})
      expect(await ipc.answer(name, {})).toMatchObject({ ok: false, error: { code: 'call_invalid' } })
    },
  )
})

describe('an event', () => {
  test('is told to everyone, until they unsubscribe', () => {
    const { ipc } = ipcWith({})
    const heard: string[] = []
    const forget = ipc.subscribe((event) => void heard.push(`one ${event}`))
    ipc.subscribe((event) => void heard.push(`other ${event}`))
    ipc.notify('keys.changed', null)
    forget()
    ipc.notify('keys.changed', null)
    expect(heard).toEqual(['one keys.changed', 'other keys.changed', 'other keys.changed'])
  })

  test('reaches the others when one cannot be told', () => {
    const { ipc } = ipcWith({})
    const heard: string[] = []
    ipc.subscribe(() => {
      throw new Error('gone')
    })
    ipc.subscribe((event) => void heard.push(event))
    ipc.notify('keys.changed', null)
    expect(heard).toEqual(['keys.changed'])
  })
})
