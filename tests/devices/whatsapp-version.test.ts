import { describe, expect, it } from 'vitest'
import { WhatsAppVersion } from '../../src-main/devices/connection/whatsapp-version.ts'
import { silentLog } from './devices-fixture.ts'

type Version = [number, number, number]

function make(answers: (Version | null | Error)[]): {
  version: WhatsAppVersion
  clock: { now: number }
  asked: () => number
} {
  const clock = { now: 0 }
  let kept: { value: string; learnedAt: number } | null = null
  let asked = 0
  const version = new WhatsAppVersion({
    table: {
      fact: () => kept,
      learn: async (_name, value, learnedAt) => {
        kept = { value, learnedAt }
      },
    },
    log: silentLog,
    now: () => clock.now,
    fetch: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? null
      if (answer instanceof Error) throw answer
      return answer
    },
    builtIn: () => [2, 3000, 100],
  })
  return { version, clock, asked: () => asked }
}

describe('the version of WhatsApp Web', () => {
  it('is asked for once a day', async () => {
    const { version, clock, asked } = make([
      [2, 3000, 200],
      [2, 3000, 300],
    ])
    expect(await version.current()).toEqual([2, 3000, 200])
    clock.now = 60 * 60 * 1_000
    expect(await version.current()).toEqual([2, 3000, 200])
    expect(asked()).toBe(1)
    clock.now = 25 * 60 * 60 * 1_000
    expect(await version.current()).toEqual([2, 3000, 300])
  })

  it('falls back to the newest that is known, the built-in one among them', async () => {
    expect(await make([new Error('no network')]).version.current()).toEqual([2, 3000, 100])
    expect(await make([[2, 3000, 50]]).version.current()).toEqual([2, 3000, 100])
    const { version, clock } = make([[2, 3000, 200], null])
    await version.current()
    clock.now = 48 * 60 * 60 * 1_000
    expect(await version.current()).toEqual([2, 3000, 200])
  })

  it('is asked for at once by all devices that start together, only once', async () => {
    const { version, asked } = make([[2, 3000, 200]])
    await Promise.all(Array.from({ length: 50 }, () => version.current()))
    expect(asked()).toBe(1)
  })

  it('is renewed after a refusal, and says whether that gives a newer one', async () => {
    const { version } = make([[2, 3000, 200]])
    expect(await version.renew([2, 3000, 100])).toBe(true)
    expect(await version.renew([2, 3000, 200])).toBe(false)
    expect(await make([null]).version.renew([2, 3000, 100])).toBeNull()
  })
})
