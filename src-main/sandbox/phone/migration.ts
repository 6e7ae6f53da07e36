import { proto } from '@whiskeysockets/baileys'
import { lidOf } from '../numbers.ts'
import type { World } from '../world.ts'
import { tellDevice } from './peer-messages.ts'

/**
 * A phone migrates its chats to LIDs: the server takes nothing else from then on, and the phone tells its linked devices,
 * with the LIDs of those that it knows (`LIDMigrationMappingSyncPayload`).
 */
export async function migrate(world: World, number: string): Promise<void> {
  await world.accounts.set(number, { lidMigrated: true })
  const pnToLidMappings = world.phones.of(number).contacts.map((contact) => ({
    pn: Number(contact.number),
    assignedLid: Number(lidOf(contact.number)),
  }))
  const payload = { pnToLidMappings, chatDbMigrationTimestamp: world.now() }
  const encodedMappingPayload = proto.LIDMigrationMappingSyncPayload.encode(payload).finish()
  for (const companion of world.companions.of(number)) {
    await tellDevice(world, companion, 'peer_msg', {
      type: proto.Message.ProtocolMessage.Type.LID_MIGRATION_MAPPING_SYNC,
      lidMigrationMappingSyncMessage: { encodedMappingPayload },
    })
  }
}
