import type { Application } from '../../app/app.ts'
import { done } from './devices-calls.ts'
import type { HandlersOf } from '../ipc.ts'

export function settingsCalls({ settings }: Application): HandlersOf<'settings'> {
  return {
    'settings.all': () => ({ values: settings.all(), overridden: settings.overridden() }),
    'settings.set': ({ name, value }) => done(settings.set(name, value)),
  }
}
