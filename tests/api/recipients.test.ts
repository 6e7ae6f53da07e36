import { afterAll, beforeAll, expect, test } from 'vitest'
import { sender, startReal, type RealApplication } from './real-application.ts'

let real: RealApplication
beforeAll(async () => {
  real = await startReal()
})
afterAll(() => real.stop())

let counter = 0

interface Sent {
  status: boolean
  code?: string
  msg?: string
  number?: string
  results?: { number: string; written?: string; status: boolean; code?: string }[]
  data?: { key: { remoteJid: string } }
}

async function send(number: string, more: object = {}): Promise<{ answer: Sent; message: string }> {
  const message = `Pesan ${String((counter += 1))}`
  const body = JSON.stringify({ api_key: real.key, sender, number, message, ...more })
  const response = await fetch(`${real.url}/send-message`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  })
  return { answer: (await response.json()) as Sent, message }
}

/** Who received a text, of all practice phones. */
function receivers(text: string): string[] {
  return real.sandbox
    .inbox(null)
    .filter((received) => received.text === text)
    .map((received) => received.to)
    .toSorted()
}

test.each([
  ['6285500000501', undefined],
  ['0855-0000-0501', '6285500000501'],
  ['628550000050١', '6285500000501'],
  ['٠٨٥٥٠٠٠٠٠٥٠١', '6285500000501'],
  ['6285500000501,00', '6285500000501'],
  ['HP/WA: 0855 0000 0501 (Bu Sari)', '6285500000501'],
  ['%2B6285500000501', '6285500000501'],
])('%s reaches that phone alone, and the answer says what was read', async (written, said) => {
  const { answer, message } = await send(written)
  expect(answer).toMatchObject({ status: true })
  expect(answer.number).toBe(said)
  expect(receivers(message)).toEqual(['6285500000501'])
})

test.each([
  ['0855000005О1', 'number_invalid', 'О1'],
  ['O85500000501', 'number_invalid', 'O'],
  ['6285500000501²', 'number_invalid', '²'],
  ['6285500000501 📱2', 'number_invalid', '📱2'],
  ['6285500000501.5', 'number_invalid', '.5'],
  ['6285500000501,5', 'number_invalid', ',5'],
  ['6550501 6550502', 'number_invalid', 'several numbers'],
  ['1. 0855-0000-0501', 'number_invalid', '1'],
  ['81234567890', 'number_invalid', '+6281234567890'],
  ['12345678901234@lid', 'number_invalid', '@lid'],
  ['status@broadcast', 'number_invalid', 'status'],
  ['sari@toko.example', 'number_invalid', 'e-mail'],
  ['120363041234567890', 'number_too_long', '@g.us'],
])('%s reaches nobody, and the sentence says why', async (written, code, quoted) => {
  const { answer, message } = await send(written)
  expect(answer).toMatchObject({ status: false, code })
  expect(answer.msg).toContain(quoted)
  expect(receivers(message)).toEqual([])
})

test.each([
  '6285500000501,6285500000502',
  '6285500000501;0855-0000-0502',
  '6285500000501 6285500000502',
  '0855 0000 0501 / 0855 0000 0502',
  '6285500000501، 6285500000502',
  '6285500000501\r\n6285500000502\n',
  '1\t6285500000501\n2\t6285500000502',
])('the list %j reaches each of its two phones', async (written) => {
  const { answer, message } = await send(written)
  expect(answer.results?.map(({ number, status }) => ({ number, status }))).toEqual([
    { number: '6285500000501', status: true },
    { number: '6285500000502', status: true },
  ])
  expect(receivers(message)).toEqual(['6285500000501', '6285500000502'])
})

test('of several recipients, each result says what was written where it was read as another text', async () => {
  const { answer } = await send('0855-0000-0501|6285500000502|O855')
  expect(answer.results).toMatchObject([
    { number: '6285500000501', written: '0855-0000-0501', status: true },
    { number: '6285500000502', status: true },
    { number: 'O855', status: false, code: 'number_invalid' },
  ])
  expect(answer.results?.[1]).not.toHaveProperty('written')
})

test('a number that is not on WhatsApp is named as it was read', async () => {
  const { answer } = await send('0855-0000-0150')
  expect(answer).toMatchObject({ status: false, code: 'not_on_whatsapp', number: '6285500000150' })
})

test('/check-number says what was read, by its jid or where there is none', async () => {
  const ask = async (number: string): Promise<object> => {
    const query = new URLSearchParams({ api_key: real.key, sender, number })
    return (await (await fetch(`${real.url}/check-number?${query.toString()}`)).json()) as object
  }
  const jid = '6285500000501@s.whatsapp.net'
  expect(await ask('0855 0000 0501')).toEqual({ status: true, msg: { exists: true, jid } })
  expect(await ask('0855 0000 0150')).toEqual({ status: true, msg: false, number: '6285500000150' })
  expect(await ask('6285500000501 6285500000502')).toMatchObject({ status: false, code: 'number_invalid' })
})

test('a list of more than 16,384 characters is refused before it is read', async () => {
  const { answer } = await send('6281234567 '.repeat(1_490))
  expect(answer).toMatchObject({ status: false, code: 'too_many_recipients' })
  expect(answer.msg).toContain('16384')
})

test('a list within that length of more numbers than are looked up reaches nobody', async () => {
  const { answer, message } = await send('6285500000501 '.repeat(1_150))
  expect(answer).toMatchObject({ status: false, code: 'number_invalid' })
  expect(receivers(message)).toEqual([])
})
