import { encodeWAMessage } from '@whiskeysockets/baileys'
import { randomBytes } from 'node:crypto'
import { senderOf } from './addressing.ts'
import type { Companion } from './companions.ts'
import type { Endpoint } from './endpoint.ts'
import { node, seconds } from './nodes.ts'
import { authorOf } from './participants.ts'
import { writerGivesToken } from './phone/tokens.ts'
import type { World } from './world.ts'

/** A practice phone writes to an account: every companion of it that is connected gets the message. */
export async function write(world: World, from: string, to: string, text: string): Promise<string> {
  const phone = await world.contacts.endpoint(from, 0)
  if (phone === null) throw new Error(`${from} is not on the practice WhatsApp.`)
  await world.database.write(() => {
    for (const companion of world.companions.of(to)) world.phoneTable.addWriter(companion, from)
  })
  const id = randomBytes(8).toString('hex').toUpperCase()
  for (const companion of world.companions.of(to)) {
    const line = world.lines.of(companion)
    if (line === undefined) continue
    const { type, ciphertext } = await encryptFor(
      world,
      phone,
      companion,
      encodeWAMessage({ conversation: text }),
    )
    const attributes = {
      ...senderOf(world, from, to),
      id,
      type: 'text',
      t: seconds(world.now()),
      notify: `Practice ${from}`,
    }
    line.send(node('message', attributes, [node('enc', { v: '2', type }, ciphertext)]))
  }
  await writerGivesToken(world, from, to)
  return id
}

/** Encrypts for a linked device, beginning a session where there is none. */
export async function encryptFor(
  world: World,
  phone: Endpoint,
  companion: Companion,
  plain: Buffer,
): Promise<{ type: 'pkmsg' | 'msg'; ciphertext: Buffer }> {
  const author = authorOf(companion)
  if (!phone.hasSession(author)) {
    const { registration, identity, signedPreKey } = companion
    const preKey = await world.companions.takePreKey(companion)
    const change = await phone.beginSession(author, { registration, identity, signedPreKey, preKey })
    await world.database.write(() => change(world.table))
  }
  const { change, ...encrypted } = await phone.encrypt(plain, author)
  await world.database.write(() => change(world.table))
  return encrypted
}
