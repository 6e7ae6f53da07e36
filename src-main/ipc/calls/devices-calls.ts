import type { Application } from '../../app/app.ts'
import { Failure } from '../../lib/failure.ts'
import { faultSentence, problemOf } from '../../lib/phone-numbers/number-fault.ts'
import { readNumber } from '../../lib/phone-numbers/read-number.ts'
import type { HandlersOf } from '../ipc.ts'

export function devicesCalls({ devices, settings, practice }: Application): HandlersOf<'devices'> {
  return {
    'devices.list': () => devices.list(),
    'devices.add': async ({ kind, number, name }) => {
      if (kind === 'sandbox') await practice.start()
      return devices.add({ kind, number: number === null ? null : expectedNumber(number), name })
    },
    'devices.pair': async ({ id, how }) => done(await devices.pair(id, how)),
    'devices.cancelPairing': async ({ id }) => done(await devices.cancelPairing(id)),
    'devices.connect': async ({ id }) => done(await devices.connect(id)),
    'devices.rename': async ({ id, name }) => done(await devices.rename(id, name)),
    'devices.logOut': async ({ id }) => done(await devices.logOut(id)),
    'devices.remove': async ({ id }) => done(await devices.remove(id)),
    'devices.history': ({ id, limit }) => devices.history(id, { limit }),
    'devices.groups': ({ id }) => devices.groups(id),
  }

  function expectedNumber(written: string): string {
    const read = readNumber(written, settings.get('numbers.countryCode'))
    if ('number' in read) return read.number
    const problem = problemOf(read.fault)
    throw new Failure(problem, faultSentence(read.fault), { errors: { number: problem } })
  }
}

/** The contract's word for "done, and there is nothing to say". */
export function done(_nothing: void): null {
  return null
}
