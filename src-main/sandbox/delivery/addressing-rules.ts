import type { Companion } from '../accounts/companions.ts'
import { addressOf, jidOf } from '../accounts/sandbox-numbers.ts'
import { child } from '../server/nodes.ts'
import type { BinaryNode } from '../server/nodes.ts'
import { participantsOf } from './participants.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/**
 * The code for a message to a person that is addressed in a form that the account may not use; null where it may.
 *
 * - 463: by phone number, from an account that is migrated to LIDs (rmyndharis/OpenWA#717, WhiskeySockets/Baileys#2688).
 * - 400: by LID, from one that is not (oxidezap/whatsapp-rust#941, moltis-org/moltis#1144).
 * - 400: to JIDs of both kinds (oxidezap/whatsapp-rust#731).
 *
 * Messages between the account's own devices (`category="peer"`) and to one device that asked again are exempt.
 */
export function addressingError(
  context: SandboxContext,
  sender: Companion,
  stanza: BinaryNode,
): number | null {
  const to = addressOf(stanza.attrs['to'])
  if (to === null || stanza.attrs['category'] === 'peer') return null
  if (child(stanza, 'participants') === undefined) return null
  const other = participantsOf(stanza)?.find(({ address }) => address.server !== to.server)
  if (other !== undefined) {
    const detail = `a message to ${stanza.attrs['to']} is encrypted for ${other.jid}`
    context.reports.add('addressing_mixed', sender.number, detail)
    return 400
  }
  const { lidMigrated } = context.accounts.of(sender.number)
  if (lidMigrated) return to.server === 'lid' ? null : 463
  return to.server === 'lid' ? 400 : null
}

/**
 * Whether the acknowledgement says that the recipient's number has another LID by now: it was registered anew
 * (`refresh_lid`: oxidezap/whatsapp-rust@117e921e, WhiskeySockets/Baileys#2661).
 */
export function isLidStale(context: SandboxContext, sender: Companion, stanza: BinaryNode): boolean {
  const to = stanza.attrs['to']
  const address = addressOf(to)
  if (to === undefined || address === null || address.number === sender.number) return false
  const isRenewed = context.faults.take(sender.number, 'refresh-lid') !== undefined
  if (isRenewed) context.contacts.renewLid(address.number)
  if (address.server === 'lid') return to !== context.contacts.lidJidOf(address.number)
  return isRenewed
}

/** The name by which a person writes to an account, and beside it the other one. */
export function senderOf(context: SandboxContext, from: string, account: string): Record<string, string> {
  const lid = context.contacts.lidJidOf(from)
  const { lidMigrated } = context.accounts.of(account)
  return lidMigrated ? { from: lid, sender_pn: jidOf(from) } : { from: jidOf(from), sender_lid: lid }
}
