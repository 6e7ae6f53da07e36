import { Failure } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import type { Settings } from '../../storage/settings/settings.ts'
import type { SettingName } from '../../storage/settings/settings-schema.ts'

/**
 * Keeps what the operator did not ask to be kept, such as where the window was. On a disk that takes no writes it is
 * let go: an event of the system has nobody who could be told, and what it throws ends the program.
 */
export function trySetSetting(settings: Settings, log: Logger, name: SettingName, value: unknown): void {
  try {
    settings.set(name, value)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.warn({ setting: name, reason: error.message }, 'could not save the setting')
  }
}
