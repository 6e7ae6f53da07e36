import type { Presence, WrittenNumber } from '../../../src-preload/contract.ts'
import type { Application } from '../../app/app.ts'
import type { Lookup } from '../../devices/connection/sending/outgoing.ts'
import { Failure } from '../../lib/failure.ts'
import { problemOf } from '../../lib/phone-numbers/number-fault.ts'
import { readRecipients, type ReadRecipient } from '../../lib/phone-numbers/recipient-list.ts'
import type { HandlersOf } from '../ipc.ts'

export function numbersCalls({ devices, settings }: Application): HandlersOf<'numbers'> {
  return {
    'numbers.read': ({ text }) =>
      readRecipients(text, settings.get('numbers.countryCode')).map((read) => writtenNumber(read)),
    'numbers.lookUp': async ({ deviceId, numbers }) => {
      const known = await lookUp(deviceId, numbers)
      return Object.fromEntries(numbers.map((number) => [number, presenceOf(known.get(number))]))
    },
  }

  /** Nobody to ask is no failure here: the operator may send all the same. */
  async function lookUp(deviceId: string, numbers: string[]): Promise<Map<string, Lookup>> {
    try {
      return await devices.lookUp(deviceId, numbers)
    } catch (error) {
      if (error instanceof Failure) return new Map()
      throw error
    }
  }
}

function writtenNumber(read: ReadRecipient): WrittenNumber {
  const { written } = read
  return 'recipient' in read
    ? { written, number: read.recipient, problem: null, fault: null }
    : { written, number: null, problem: problemOf(read.fault), fault: read.fault }
}

function presenceOf(answer: Lookup | undefined): Presence {
  if (answer === undefined) return 'unknown'
  return answer.exists ? 'yes' : 'no'
}
