import type { Application } from '../../app/app.ts'
import { done } from './devices-calls.ts'
import type { HandlersOf } from '../ipc.ts'

export function keysCalls({ keys }: Application): HandlersOf<'keys'> {
  return {
    'keys.list': () => ({ keys: keys.list(), wrong: keys.wrong() }),
    'keys.create': (request) => keys.create(request),
    'keys.revoke': async ({ id }) => done(await keys.revoke(id)),
  }
}
