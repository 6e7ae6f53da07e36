import type { Application } from '../app.ts'
import { sentenceOf } from '../failure.ts'
import type { Unsubscribe } from '../listeners.ts'
import { apiStatusOf } from './api-status.ts'
import type { EventListener } from './ipc.ts'
import { programStatus } from './program-calls.ts'
import { shown } from './sandbox-calls.ts'
import type { Savings } from './savings.ts'
import type { ShellAbilities } from './shell.ts'

/** Milliseconds in which changes of the program as a whole are gathered: each message changes the outbox. */
const gathering = 100

/** Has every event of the rooms told to the windows. */
export function tellOfEvents(
  parts: { application: Application; shell: ShellAbilities; savings: Savings },
  tell: EventListener,
): Unsubscribe {
  const { application, shell, savings } = parts
  const { devices, messages, keys, settings, api, database, disk, practice, log } = application
  let due: NodeJS.Timeout | null = null
  const unsubscribe = [
    devices.onChange.add((device) => tell('device.changed', device)),
    devices.onRemoved.add((id) => tell('device.removed', { id })),
    messages.onChange.add((message) => {
      tell('message.changed', message)
      programChanged()
    }),
    messages.onPaused.add(programChanged),
    messages.onWarning.add((warning) => tell('messages.warned', warning)),
    database.onHealth.add(programChanged),
    disk.onChange.add(programChanged),
    keys.onChange.add(() => tell('keys.changed', null)),
    settings.onChange.add((name) => tell('settings.changed', { name, value: settings.get(name) })),
    api.onChange.add(() => void apiChanged()),
    practice.onReceived.add((message) => tell('sandbox.received', shown(message))),
    savings.onChange.add((saving) => tell('saving.changed', saving)),
    shell.updates.onChange.add((status) => tell('updates.changed', status)),
    () => clearTimeout(due ?? undefined),
  ]
  return () => {
    for (const forget of unsubscribe) forget()
  }

  function programChanged(): void {
    due ??= setTimeout(() => {
      due = null
      tell('program.changed', programStatus(application))
    }, gathering)
  }

  async function apiChanged(): Promise<void> {
    try {
      tell('api.changed', await apiStatusOf(application))
    } catch (thrown) {
      log.error({ reason: sentenceOf(thrown) }, 'the windows could not be told of the API')
    }
  }
}
