import type { Companion } from './companions.ts'
import { tellOfDevice } from './notices.ts'
import type { World } from './world.ts'

/** Forgets a companion, and tells everybody that the account has one device less. */
export async function unlink(world: World, companion: Companion): Promise<void> {
  if (world.companions.get(companion.number, companion.device) !== companion) return
  await world.companions.remove(companion)
  await world.database.write(() => world.phoneTable.forgetDevice(companion))
  tellOfDevice(world, 'remove', companion.number, companion.device)
}
