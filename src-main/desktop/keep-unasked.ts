import { Failure } from '../failure.ts'
import type { Logger } from '../logger.ts'
import type { Settings } from '../storage/settings.ts'
import type { SettingName } from '../storage/settings-schema.ts'

/**
 * Keeps what the operator did not ask to be kept, such as where the window was. On a disk that takes no writes it is
 * let go: an event of the system has nobody who could be told, and what it throws ends the program.
 */
export function keepUnasked(settings: Settings, log: Logger, name: SettingName, value: unknown): void {
  try {
    settings.set(name, value)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    log.warn({ setting: name, reason: thrown.message }, 'what nobody asked for could not be kept')
  }
}
