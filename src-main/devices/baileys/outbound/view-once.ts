import type { proto } from '@whiskeysockets/baileys'
import { viewOnceContentOf } from '../../connection/media/media-type-attribute.ts'

/**
 * A message in the form to give Baileys, which reads `mediatype` off the message's own fields and finds none where they
 * are in the wrapper of something that can be seen once. What is in the wrapper is inherited by the message given here:
 * Baileys sees it, while the encoder writes own fields only, which are the wrapper. So the same bytes leave, also where a
 * recipient's phone asks for the message again.
 */
export function withVisibleMedia(message: proto.IMessage): proto.IMessage {
  const inner = viewOnceContentOf(message)
  if (inner === null) return message
  return Object.assign(Object.create({ ...inner }) as proto.IMessage, message)
}
