import { proto } from '@whiskeysockets/baileys'
import { lidOf } from '../accounts/sandbox-numbers.ts'
import type { SandboxContext } from '../sandbox-context.ts'
import { notifyDevice } from './peer-messages.ts'

/**
 * A phone migrates its chats to LIDs: the server takes nothing else from then on, and the phone tells its linked devices,
 * with the LIDs of those that it knows (`LIDMigrationMappingSyncPayload`).
 */
export async function migrate(context: SandboxContext, number: string): Promise<void> {
  await context.accounts.set(number, { lidMigrated: true })
  const pnToLidMappings = context.phones.of(number).contacts.map((contact) => ({
    pn: Number(contact.number),
    assignedLid: Number(lidOf(contact.number)),
  }))
  const payload = { pnToLidMappings, chatDbMigrationTimestamp: context.now() }
  const encodedMappingPayload = proto.LIDMigrationMappingSyncPayload.encode(payload).finish()
  for (const companion of context.companions.of(number)) {
    await notifyDevice(context, companion, 'peer_msg', {
      type: proto.Message.ProtocolMessage.Type.LID_MIGRATION_MAPPING_SYNC,
      lidMigrationMappingSyncMessage: { encodedMappingPayload },
    })
  }
}
