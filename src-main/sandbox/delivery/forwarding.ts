import type { Companion } from '../accounts/companions.ts'
import { jidOf } from '../accounts/sandbox-numbers.ts'
import { child, node, seconds } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import type { Participant } from './participants.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Hands a companion its part of a message, now or when it comes back; false where the device is none. */
export function forward(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
  participant: Participant,
): boolean {
  const { number, device, server } = participant.address
  const companion = context.companions.get(number, device)
  if (companion === undefined) return false
  const enc = node('enc', { v: '2', type: participant.type }, participant.ciphertext)
  const identity = child(stanza, 'device-identity')
  context.offline.send(
    companion,
    node(
      'message',
      {
        from: jidOf(sender.number, sender.device, server),
        id: stanza.attrs['id'],
        type: stanza.attrs['type'],
        t: seconds(context.now()),
        recipient: number === sender.number ? stanza.attrs['to'] : undefined,
        notify: `Practice ${sender.number}`,
      },
      identity === undefined ? [enc] : [enc, identity],
    ),
  )
  return true
}
