import type { WebSocket } from 'ws'
import { describe, expect, it } from 'vitest'
import { gateFrames } from '../../src-main/devices/baileys/frame-gate.ts'
import { handingOver, newHandOver } from '../../src-main/devices/baileys/hand-over.ts'
import type { HandOver } from '../../src-main/devices/baileys/hand-over.ts'
import type { SessionKeys } from '../../src-main/devices/session-keys/session-key-store.ts'
import { isOfALine } from '../../src-main/devices/baileys/stray-rejections.ts'

type Sent = (error?: Error) => void

const nothingToSave = { allSaved: true, saved: async () => {} } as unknown as SessionKeys
const frame = Buffer.from('frame')

/** A gate in front of a line that answers every frame so; what becomes of one that is written. */
function gated(answer?: Error) {
  const line = { send: (_data: Uint8Array, sent?: Sent) => sent?.(answer) }
  const gate = gateFrames(line as unknown as WebSocket, nothingToSave, () => {})
  const written = () => new Promise<Error | undefined>((resolve) => line.send(frame, resolve))
  return { gate, written }
}

describe('a message may have left', () => {
  const sent = async (handOver: HandOver, held?: () => Promise<void>): Promise<void> => {
    const { gate, written } = gated()
    if (held !== undefined) gate.hold(held)
    await handingOver(handOver, written)
  }

  it('once its frame is given to the line, not when it is encrypted', async () => {
    const handOver = { ...newHandOver(), isEncrypted: true }
    const { promise: onDisk, resolve } = Promise.withResolvers<void>()
    const leaving = sent(handOver, () => onDisk)
    await new Promise((done) => setImmediate(done))
    expect(handOver.mayHaveLeft).toBe(false)
    resolve()
    await leaving
    expect(handOver.mayHaveLeft).toBe(true)
  })

  it('not with the questions that come before it is encrypted', async () => {
    const handOver = newHandOver()
    await sent(handOver)
    expect(handOver.mayHaveLeft).toBe(false)
  })

  it('not where what it was held for could not be saved', async () => {
    const handOver = { ...newHandOver(), isEncrypted: true }
    await sent(handOver, () => Promise.reject(new Error('the disk is full')))
    expect(handOver.mayHaveLeft).toBe(false)
  })
})

describe('why a frame was not written is no defect where nobody waits for it', () => {
  it('when the line did not take it', async () => {
    const broken = new Error('write EPIPE')
    expect(isOfALine(broken)).toBe(false)
    expect(await gated(broken).written()).toBe(broken)
    expect(isOfALine(broken)).toBe(true)
  })

  it('when what it was held for could not be saved', async () => {
    const full = new Error('the disk is full')
    const { gate, written } = gated()
    gate.hold(() => Promise.reject(full))
    expect(await written()).toBe(full)
    expect(isOfALine(full)).toBe(true)
  })
})

it('a frame that is written has no failure', async () => {
  expect(await gated().written()).toBeUndefined()
})
