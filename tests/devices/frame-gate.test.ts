import type { WebSocket } from 'ws'
import { describe, expect, it } from 'vitest'
import { holdFramesUntilWritten } from '../../src-main/devices/baileys/inbound/durable-writes.ts'
import { runInSendContext, newSendContext } from '../../src-main/devices/baileys/outbound/send-context.ts'
import type { SendContext } from '../../src-main/devices/baileys/outbound/send-context.ts'
import type { SessionKeys } from '../../src-main/devices/session-keys/session-key-store.ts'
import { isOfConnection } from '../../src-main/devices/baileys/process/baileys-rejections.ts'

type Sent = (error?: Error) => void

const nothingToSave = { allSaved: true, saved: async () => {} } as unknown as SessionKeys
const frame = Buffer.from('frame')

/** A gate in front of a line that answers every frame so; what becomes of one that is written. */
function gated(answer?: Error) {
  const line = { send: (_data: Uint8Array, sent?: Sent) => sent?.(answer) }
  const gate = holdFramesUntilWritten(line as unknown as WebSocket, nothingToSave, () => {})
  const written = () => new Promise<Error | undefined>((resolve) => line.send(frame, resolve))
  return { gate, written }
}

describe('a message may have left', () => {
  const sent = async (sendContext: SendContext, held?: () => Promise<void>): Promise<void> => {
    const { gate, written } = gated()
    if (held !== undefined) gate.hold(held)
    await runInSendContext(sendContext, written)
  }

  it('once its frame is given to the line, not when it is encrypted', async () => {
    const sendContext = { ...newSendContext(), isEncrypted: true }
    const { promise: onDisk, resolve } = Promise.withResolvers<void>()
    const leaving = sent(sendContext, () => onDisk)
    await new Promise((done) => setImmediate(done))
    expect(sendContext.mayHaveLeft).toBe(false)
    resolve()
    await leaving
    expect(sendContext.mayHaveLeft).toBe(true)
  })

  it('not with the questions that come before it is encrypted', async () => {
    const sendContext = newSendContext()
    await sent(sendContext)
    expect(sendContext.mayHaveLeft).toBe(false)
  })

  it('not where what it was held for could not be saved', async () => {
    const sendContext = { ...newSendContext(), isEncrypted: true }
    await sent(sendContext, () => Promise.reject(new Error('the disk is full')))
    expect(sendContext.mayHaveLeft).toBe(false)
  })
})

describe('why a frame was not written is no defect where nobody waits for it', () => {
  it('when the line did not take it', async () => {
    const broken = new Error('write EPIPE')
    expect(isOfConnection(broken)).toBe(false)
    expect(await gated(broken).written()).toBe(broken)
    expect(isOfConnection(broken)).toBe(true)
  })

  it('when what it was held for could not be saved', async () => {
    const full = new Error('the disk is full')
    const { gate, written } = gated()
    gate.hold(() => Promise.reject(full))
    expect(await written()).toBe(full)
    expect(isOfConnection(full)).toBe(true)
  })
})

it('a frame that is written has no failure', async () => {
  expect(await gated().written()).toBeUndefined()
})
