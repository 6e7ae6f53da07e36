import { describe, expect, it } from 'vitest'
import { paired, recipient, sandbox, sender, stopAfterEach } from './sandbox-fixture.ts'

stopAfterEach()

describe('a text message', () => {
  it('is decrypted by the recipient, copied to the own phone and acknowledged', async () => {
    const practice = await sandbox()
    const client = await paired(practice)
    const ack = await client.say(recipient, 'Halo 👋')
    expect(ack.attrs['error']).toBeUndefined()
    const [message, ...more] = practice.inbox(recipient)
    expect(more).toEqual([])
    expect(message).toMatchObject({
      id: ack.attrs['id'],
      from: sender,
      to: recipient,
      kind: 'text',
      text: 'Halo 👋',
      ownCopy: true,
      receptions: 1,
    })
    expect(practice.reports()).toEqual([])
  })

  it('is delivered and then read', async () => {
    const client = await paired(await sandbox())
    const ack = await client.say(recipient, 'Halo')
    const id = ack.attrs['id'] ?? ''
    expect((await client.receipt(id, undefined)).attrs['from']).toBe(`${recipient}@s.whatsapp.net`)
    expect((await client.receipt(id, 'read')).attrs['from']).toBe(`${recipient}@s.whatsapp.net`)
  })

  it('is shown once when it comes again under the same id', async () => {
    const practice = await sandbox()
    const client = await paired(practice)
    await client.say(recipient, 'once', '3EB0AAAABBBBCCCCDDDD01')
    await client.say(recipient, 'once', '3EB0AAAABBBBCCCCDDDD01')
    expect(practice.inbox(recipient)).toMatchObject([{ text: 'once', receptions: 2 }])
    expect(practice.reports()).toEqual([])
  })

  it('goes through in numbers, in order', async () => {
    const practice = await sandbox()
    const client = await paired(practice)
    for (let index = 0; index < 20; index++) await client.say(recipient, `number ${index}`)
    const texts = practice.inbox(recipient).map((message) => message.text)
    expect(texts).toEqual(Array.from({ length: 20 }, (_, index) => `number ${index}`))
  })
})
