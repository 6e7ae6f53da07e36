import type { Companion } from './companions.ts'
import { notifyDeviceChange } from '../notices.ts'
import type { SandboxContext } from '../sandbox-context.ts'

/** Forgets a companion, and tells everybody that the account has one device less. */
export async function unlink(context: SandboxContext, companion: Companion): Promise<void> {
  if (context.companions.get(companion.number, companion.device) !== companion) return
  await context.companions.remove(companion)
  await context.database.write(() => context.phoneTable.forgetDevice(companion))
  notifyDeviceChange(context, 'remove', companion.number, companion.device)
}
