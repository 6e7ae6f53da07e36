import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/program.ts'
import { inState, pairedDevice, sendText, startFixture, until } from './devices-fixture.ts'
import type { Fixture } from './devices-fixture.ts'

const own = '6285500000000'
const contact = '6281234567890'
const jid = `${contact}@s.whatsapp.net`

describe('what comes to a device', () => {
  let fixture: Fixture
  let id: string
  beforeEach(async () => {
    fixture = await startFixture()
    ;({ id } = await pairedDevice(fixture))
  })
  afterEach(() => fixture.stop())

  /** How the device answered one stanza, in order, once the practice WhatsApp waits for nothing any more. */
  const answersTo = async (stanzaId: string): Promise<string[]> => {
    await eventually(() => fixture.sandbox.unacknowledged(own) === 0)
    return fixture.sandbox
      .answers(own)
      .filter((answer) => answer.id === stanzaId)
      .map(({ answer }) => answer)
  }

  it('is receipted as by a companion in the background: the second tick is the phone’s to give', async () => {
    const message = await fixture.sandbox.write(contact, own, 'Ada stok?')
    expect(await answersTo(message)).toEqual(['receipt inactive'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('from the own phone is receipted as such, also where the other’s LID is not known', async () => {
    const message = await fixture.sandbox.write(own, own, 'dari ponsel', { peer: contact })
    expect(await answersTo(message)).toEqual(['receipt sender'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('as a status is acknowledged, in either form that WhatsApp gives it', async () => {
    const asMessage = await fixture.sandbox.postStatus(contact, own, 'message')
    const asStatus = await fixture.sandbox.postStatus(contact, own, 'status')
    expect(await answersTo(asStatus)).toEqual(['ack'])
    expect(await answersTo(asMessage)).toEqual(['ack'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it.each([['first', false] as const, ['later', true] as const])(
    'twice is receipted twice and not asked for again: the %s message of a chat',
    async (_which, later) => {
      if (later) {
        await fixture.sandbox.write(contact, own, 'Halo')
        await eventually(() => fixture.sandbox.unacknowledged(own) === 0)
        // Answered, so that the contact writes within the session from here on.
        await sendText(fixture.devices, id, jid, 'Halo juga')
      }
      const message = await fixture.sandbox.write(contact, own, 'sekali', { twice: true })
      expect(await answersTo(message)).toEqual(['receipt inactive', 'receipt inactive'])
      // Behind everything that the device had to say about them.
      await sendText(fixture.devices, id, jid, 'Sip')
      expect(fixture.sandbox.reports()).toEqual([])
    },
  )

  it('from the own phone twice is receipted to the phone both times', async () => {
    const message = await fixture.sandbox.write(own, own, 'dari ponsel', { peer: contact, twice: true })
    expect(await answersTo(message)).toEqual(['receipt sender', 'receipt sender'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('and cannot be read is acknowledged plainly and asked for, and then read', async () => {
    const message = await fixture.sandbox.write(contact, own, 'rusak', { unreadable: true })
    await eventually(async () => (await answersTo(message)).length === 3)
    expect(await answersTo(message)).toEqual(['receipt retry', 'ack', 'receipt inactive'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('from the own phone and cannot be read is asked of the phone, and then read', async () => {
    const message = await fixture.sandbox.write(own, own, 'rusak', { peer: contact, unreadable: true })
    await eventually(async () => (await answersTo(message)).length === 3)
    expect(await answersTo(message)).toEqual(['receipt retry', 'ack', 'receipt sender'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it.each([
    'view_once',
    'view_once_unavailable_fanout',
    'bot_unavailable_fanout',
    'hosted_unavailable_fanout',
  ])('as a placeholder of the type %s is acknowledged and asked of nobody', async (type) => {
    const message = await fixture.sandbox.sendPlaceholder(contact, own, type)
    expect(await answersTo(message)).toEqual(['ack'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('under a tag that nobody knows is acknowledged', async () => {
    expect(await answersTo(await fixture.sandbox.queueStanza(contact, own, 'tidings'))).toEqual(['ack'])
    expect(fixture.sandbox.reports()).toEqual([])
  })

  it('while it is away comes with its queue, all of 150 messages, before anything that is live', async () => {
    await fixture.devices.stop()
    for (let index = 0; index < 150; index++) await fixture.sandbox.write(contact, own, `pesan ${index}`)
    await fixture.restart()
    await until(fixture.devices, id, inState('connected'))
    const { outcome, messageId } = await sendText(fixture.devices, id, jid, 'sudah kembali')
    expect(outcome.result).toBe('acknowledged')
    await eventually(() => fixture.sandbox.unacknowledged(own) === 0)
    expect(new Set(fixture.sandbox.answers(own).map(({ answer }) => answer))).toEqual(
      new Set(['receipt inactive']),
    )
    expect(fixture.sandbox.answers(own)).toHaveLength(150)
    expect(messageId).toBeTruthy()
    await eventually(() => fixture.sandbox.unreported(own) === 0)
    expect(fixture.sandbox.reports()).toEqual([])
  }, 60_000)

  it('as twenty statuses, over two restarts, holds no receipt back for two seconds', async () => {
    for (let index = 0; index < 10; index++) await fixture.sandbox.postStatus(contact, own, 'message')
    await fixture.devices.stop()
    for (let index = 0; index < 10; index++) await fixture.sandbox.postStatus(contact, own, 'status')
    for (let restarts = 0; restarts < 2; restarts++) {
      await fixture.restart()
      await until(fixture.devices, id, inState('connected'))
      const heard = Promise.withResolvers<number>()
      const stop = fixture.devices.onReceipt.add(() => heard.resolve(performance.now()))
      const { outcome } = await sendText(fixture.devices, id, jid, `setelah ${restarts}`)
      expect(outcome.result).toBe('acknowledged')
      const acknowledgedAt = performance.now()
      expect((await heard.promise) - acknowledgedAt).toBeLessThan(2_000)
      stop()
    }
    await eventually(() => fixture.sandbox.unacknowledged(own) === 0)
    expect(fixture.sandbox.reports()).toEqual([])
  }, 60_000)
})

describe('an acknowledgement that is owed', () => {
  it('ends the stream, which is no bad session: the device comes back by itself', async () => {
    const fixture = await startFixture()
    const { id } = await pairedDevice(fixture)
    fixture.sandbox.fault({ kind: 'stream-error', child: 'ack' })
    await until(fixture.devices, id, ({ state }) => state.name !== 'connected')
    await until(fixture.devices, id, inState('connected'))
    expect(fixture.devices.history(id, { limit: 10 }).map(({ reason }) => reason)).not.toContain(
      'bad_session',
    )
    await fixture.stop()
  })
})
