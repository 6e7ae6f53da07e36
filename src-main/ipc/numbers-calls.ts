import type { Presence, WrittenNumber } from '../../src-preload/contract.ts'
import type { Application } from '../app.ts'
import type { Lookup } from '../devices/connection/sending.ts'
import { Failure } from '../failure.ts'
import { normaliseNumber } from '../messages/phone-number.ts'
import type { HandlersOf } from './ipc.ts'

export function numbersCalls({ devices, settings }: Application): HandlersOf<'numbers'> {
  return {
    'numbers.read': ({ text }) => writtenRecipients(text).map((written) => readNumber(written)),
    'numbers.lookUp': async ({ deviceId, numbers }) => {
      const known = await lookUp(deviceId, numbers)
      return Object.fromEntries(numbers.map((number) => [number, presenceOf(known.get(number))]))
    },
  }

  function readNumber(written: string): WrittenNumber {
    if (isJid(written)) return { written, number: written, problem: null }
    const read = normaliseNumber(written, settings.get('numbers.countryCode'))
    return 'number' in read
      ? { written, number: read.number, problem: null }
      : { written, number: null, problem: read.problem }
  }

  /** Nobody to ask is no failure here: the operator may send all the same. */
  async function lookUp(deviceId: string, numbers: string[]): Promise<Map<string, Lookup>> {
    try {
      return await devices.lookUp(deviceId, numbers)
    } catch (thrown) {
      if (thrown instanceof Failure) return new Map()
      throw thrown
    }
  }
}

/** What the operator wrote, one by one: separated by `|`, commas, semicolons or lines. */
export function writtenRecipients(text: string): string[] {
  return text
    .split(/[|,;\n\r]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function isJid(written: string): boolean {
  return /^[\w.-]+@(?:g\.us|newsletter)$/.test(written)
}

function presenceOf(answer: Lookup | undefined): Presence {
  if (answer === undefined) return 'unknown'
  return answer.exists ? 'yes' : 'no'
}
