import { LRUCache } from 'lru-cache'
import { contactsRemembered } from '../../lib/contacts-remembered.ts'
import type { People, Person } from '../addressing/lids.ts'
import { Failure } from '../../lib/failure.ts'
import type { Connection } from './connection.ts'
import { userOf } from './device-receipts.ts'
import type { Lookup } from './sending/outgoing.ts'

const dayMs = 24 * 60 * 60 * 1_000
/** Somebody may install WhatsApp just now. */
const absentForMs = 60 * 1_000
/** Numbers in one question. */
const perQuestion = 25

/**
 * Asks WhatsApp whether numbers are there, remembering the answers: asking for many is what gets an account
 * banned. `realm` keeps the answers of different servers apart.
 */
export class Lookups {
  readonly #remembered = new LRUCache<string, Lookup>({ max: contactsRemembered })

  /**
   * @param numbers normalised digits
   * @throws Failure lookup_failed, where WhatsApp did not answer
   */
  async ask(realm: string, connection: Connection, numbers: readonly string[]): Promise<Map<string, Lookup>> {
    const answers = new Map<string, Lookup>()
    const open: string[] = []
    for (const number of new Set(numbers)) {
      const known = this.#remembered.get(`${realm} ${number}`)
      if (known === undefined) open.push(number)
      else answers.set(number, known)
    }
    for (let begin = 0; begin < open.length; begin += perQuestion) {
      const asked = open.slice(begin, begin + perQuestion)
      for (const [number, answer] of await question(connection, asked)) {
        this.#remembered.set(`${realm} ${number}`, answer, { ttl: answer.exists ? dayMs : absentForMs })
        answers.set(number, answer)
      }
    }
    return answers
  }
}

async function question(
  connection: Connection,
  numbers: readonly string[],
): Promise<[number: string, answer: Lookup][]> {
  const { found, others } = await asked(connection, numbers)
  const known = [...found.values(), ...others].flatMap((person) => person?.pn ?? [])
  const answers: [string, Lookup][] = []
  for (const number of numbers) {
    let person = found.get(number)
    const mayBeThere = others.length > 0 || known.some((pn) => isOtherForm(number, userOf(pn)))
    if (person === undefined && mayBeThere && numbers.length > 1) {
      person = (await asked(connection, [number])).found.get(number)
    }
    answers.push([number, lookupOf(person ?? null)])
  }
  return answers
}

/**
 * Whether WhatsApp may know a number by another one: that of Brazil without its 9, Mexico's with a 1, Argentina's with a
 * 9. Where both were asked about, its answer names the one account once; asked alone, it is clear whose it is.
 *
 * @see https://faq.whatsapp.com/1294841057948784 (Argentina's 9, Mexico's 1)
 */
function isOtherForm(number: string, known: string): boolean {
  return number.slice(-subscriberDigits) === known.slice(-subscriberDigits)
}

/** Digits at the end that all forms of a number have in common: Brazil's shortest. */
const subscriberDigits = 8

async function asked(connection: Connection, numbers: readonly string[]): Promise<People> {
  try {
    return await connection.raceWithClose(connection.addressing.lids.ask(numbers), () => {
      throw new Error('the connection ended')
    })
  } catch (error) {
    throw new Failure(
      'lookup_failed',
      'WhatsApp did not answer whether the number exists. Try again later.',
      {
        cause: error,
      },
    )
  }
}

function lookupOf(person: Person | null): Lookup {
  const jid = person?.pn ?? person?.lid ?? null
  return jid === null ? { exists: false } : { exists: true, jid, lid: person?.lid ?? null }
}
