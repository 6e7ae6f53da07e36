import type { Notice } from '../../../src-preload/contract.ts'
import type { Application } from '../../app/app.ts'

/** What every window that opens in this run is to say, however late: what was found damaged at its start. */
export function startupNotices({ database, settings }: Pick<Application, 'database' | 'settings'>): Notice[] {
  const notices: Notice[] = []
  if (database.quarantine !== null) notices.push({ name: 'database_set_aside', detail: database.quarantine })
  if (settings.quarantine !== null) notices.push({ name: 'settings_set_aside', detail: settings.quarantine })
  return notices
}
