import { expect, it, vi } from 'vitest'
import { baileysLog, withoutPersonal } from '../../src-main/devices/baileys/process/baileys-log.ts'
import type { Logger } from '../../src-main/lib/logging/logger.ts'

it.each([
  [
    "6281234567890's device list updated, dropping cached devices",
    "…'s device list updated, dropping cached devices",
  ],
  ['Invalid LID-PN mapping: 1000@lid, 62812@s.whatsapp.net', 'Invalid LID-PN mapping: … …'],
  ['key wLgW2Cn3u1hQ5c8Jm0bYxKq7t4vRzAa= refused', 'key … refused'],
  ['timed out waiting for message', 'timed out waiting for message'],
])('%s', (sentence, expected) => {
  expect(withoutPersonal(sentence)).toBe(expected)
})

it('passes on warnings and errors only, and never the objects that come with them', () => {
  const debug = vi.fn<(bindings: object, sentence: string) => void>()
  const logger = baileysLog({ debug } as unknown as Logger)
  logger.info({ node: 'handshake' }, 'connected')
  logger.debug({ creds: 'secret' }, 'debugging')
  logger.error({ creds: 'secret' }, 'stream errored out')
  logger.warn('a sentence alone')
  logger.child({ msgId: 'x' }).warn({ secret: 1 })
  expect(debug.mock.calls).toEqual([
    [{ from: 'baileys' }, 'stream errored out'],
    [{ from: 'baileys' }, 'a sentence alone'],
  ])
})
