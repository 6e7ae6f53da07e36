import type { Application } from '../app/app.ts'
import { sentenceOf } from '../lib/failure.ts'
import type { Unsubscribe } from '../lib/listeners.ts'
import { apiStatusOf } from './calls/api-status.ts'
import type { EventListener } from './ipc.ts'
import { programStatus } from './calls/program-calls.ts'
import { shown } from './calls/sandbox-calls.ts'
import type { Downloads } from './files/downloads.ts'
import type { HostCapabilities } from './host-platform.ts'

/** Milliseconds in which changes of the program as a whole are gathered: each message changes the outbox. */
const gatheringMs = 100

/** Forwards every event of the modules to the windows. */
export function forwardEvents(
  parts: { application: Application; shell: HostCapabilities; downloads: Downloads },
  notify: EventListener,
): Unsubscribe {
  const { application, shell, downloads } = parts
  const { devices, messages, keys, settings, api, database, disk, practice, log } = application
  let due: NodeJS.Timeout | null = null
  const unsubscribe = [
    devices.onChange.add((device) => notify('device.changed', device)),
    devices.onRemoved.add((id) => notify('device.removed', { id })),
    messages.onChange.add((message) => {
      notify('message.changed', message)
      programChanged()
    }),
    messages.onPaused.add(programChanged),
    messages.onWarning.add((warning) => notify('messages.warned', warning)),
    database.onHealth.add(programChanged),
    disk.onChange.add(programChanged),
    keys.onChange.add(() => notify('keys.changed', null)),
    settings.onChange.add((name) => notify('settings.changed', { name, value: settings.get(name) })),
    api.onChange.add(() => void apiChanged()),
    practice.onReceived.add((message) => notify('sandbox.received', shown(message))),
    downloads.onChange.add((download) => notify('saving.changed', download)),
    shell.updates.onChange.add((status) => notify('updates.changed', status)),
    () => clearTimeout(due ?? undefined),
  ]
  return () => {
    for (const forget of unsubscribe) forget()
  }

  function programChanged(): void {
    due ??= setTimeout(() => {
      due = null
      notify('program.changed', programStatus(application))
    }, gatheringMs)
  }

  async function apiChanged(): Promise<void> {
    try {
      notify('api.changed', await apiStatusOf(application))
    } catch (error) {
      log.error({ reason: sentenceOf(error) }, 'could not send the API state to the windows')
    }
  }
}
