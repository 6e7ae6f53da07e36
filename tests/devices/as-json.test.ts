import { proto } from '@whiskeysockets/baileys'
import { expect, it, onTestFinished } from 'vitest'
import { startFixture } from './devices-fixture.ts'

it('a message of an earlier run is told as JSON before any device has connected', async () => {
  const fixture = await startFixture()
  onTestFinished(() => fixture.stop())
  const message = proto.Message.encode({ conversation: 'Halo' }).finish()
  expect(await fixture.devices.asWhatsAppJson(message)).toEqual({ conversation: 'Halo' })
})
