import { LRUCache } from 'lru-cache'
import { contactsRemembered } from '../../contacts-remembered.ts'
import { Failure } from '../../failure.ts'
import type { Connection } from './connection.ts'
import type { Lookup } from './sending.ts'
import { userOf } from './receipts.ts'

const day = 24 * 60 * 60 * 1_000
/** Somebody may install WhatsApp just now. */
const absentFor = 60 * 1_000
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
        this.#remembered.set(`${realm} ${number}`, answer, { ttl: answer.exists ? day : absentFor })
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
  const found = await onWhatsApp(connection, numbers)
  const answers: [string, Lookup][] = []
  const unmatched: string[] = []
  for (const number of numbers) {
    const jid = found.find((jid) => userOf(jid) === number)
    if (jid === undefined) unmatched.push(number)
    else answers.push([number, present(jid)])
  }
  const strangers = found.filter((jid) => !numbers.includes(userOf(jid)))
  for (const number of unmatched) {
    const mayBeThere = strangers.length > 0 || found.some((jid) => isOtherForm(number, userOf(jid)))
    const alone = numbers.length === 1 ? strangers : mayBeThere ? await onWhatsApp(connection, [number]) : []
    const [jid] = alone
    answers.push(jid === undefined ? absent(number) : [number, present(jid)])
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

/** With the `+`: without it WhatsApp does not know 10 and 11 digit Indonesian numbers. */
async function onWhatsApp(connection: Connection, numbers: readonly string[]): Promise<string[]> {
  const answer = await asked(connection, numbers)
  if (answer === undefined) throw new Failure('lookup_failed', 'WhatsApp did not answer. Try again later.')
  return answer.filter(({ exists }) => exists).map(({ jid }) => jid)
}

async function asked(
  connection: Connection,
  numbers: readonly string[],
): Promise<{ jid: string; exists: boolean }[] | undefined> {
  try {
    const question = connection.socket.onWhatsApp(...numbers.map((number) => `+${number}`))
    return await connection.orItsEnd(question, () => undefined)
  } catch (thrown) {
    throw new Failure(
      'lookup_failed',
      'WhatsApp did not answer whether the number exists. Try again later.',
      {
        cause: thrown,
      },
    )
  }
}

function present(jid: string): Lookup {
  return { exists: true, jid, lid: jid.endsWith('@lid') ? jid : null }
}

function absent(number: string): [string, Lookup] {
  return [number, { exists: false }]
}
