import { proto } from '@whiskeysockets/baileys'
import { expect, it, onTestFinished } from 'vitest'
import { startRig } from './rig.ts'

it('a message of an earlier run is told as JSON before any device has connected', async () => {
  const rig = await startRig()
  onTestFinished(() => rig.stop())
  const message = proto.Message.encode({ conversation: 'Halo' }).finish()
  expect(await rig.devices.asWhatsAppJson(message)).toEqual({ conversation: 'Halo' })
})
