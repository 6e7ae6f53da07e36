import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'
import { baileys } from '../baileys/baileys.ts'
import { forgetLid } from '../baileys/lid-mapping.ts'
import { userOf } from '../connection/device-receipts.ts'
import { KeysUnavailable } from '../session-keys/keys-unavailable.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'

/** The two names of one person, as JIDs without a device; null where one is not known. */
export interface Person {
  pn: string | null
  lid: string | null
}

/** What WhatsApp answered about numbers. */
export interface People {
  /** By the number that was asked for; null: it is not on WhatsApp. */
  found: Map<string, Person | null>
  /** Those of whom the answer does not say which number they were asked for by: it is known in another form. */
  others: Person[]
}

/** Which LID belongs to which phone number. What is learned is kept with the session keys, as Baileys keeps it. */
export class Lids {
  readonly #socket: WASocket
  readonly #keys: SessionKeys

  constructor(socket: WASocket, keys: SessionKeys) {
    this.#socket = socket
    this.#keys = keys
  }

  /** Both names of a person as far as they are known, without asking. */
  known(jid: string): Person {
    const user = userOf(jid)
    if (jid.endsWith('@lid')) {
      const number = this.#mapping(`${user}_reverse`)
      return { pn: number === undefined ? null : `${number}@s.whatsapp.net`, lid: `${user}@lid` }
    }
    const lid = this.#mapping(user)
    const isKnown = lid !== undefined && lid !== this.#mapping(staleIdOf(user))
    return { pn: `${user}@s.whatsapp.net`, lid: isKnown ? `${lid}@lid` : null }
  }

  /** Both names of a person, asking WhatsApp for a LID that is not known. Throws where it does not answer. */
  async find(jid: string): Promise<Person> {
    const known = this.known(jid)
    if (known.lid !== null || known.pn === null) return known
    const { found } = await this.ask([userOf(known.pn)])
    const answer = found.get(userOf(known.pn))
    return { pn: known.pn, lid: answer?.lid ?? null }
  }

  /**
   * Asks whether numbers are on WhatsApp and what their LIDs are, in one query, and keeps the LIDs:
   * `<contact addressing_mode="lid"/>` (tulir/whatsmeow@6e4c3416). Throws where WhatsApp does not answer.
   *
   * @param numbers digits with country code
   */
  async ask(numbers: readonly string[]): Promise<People> {
    const answer = (await this.#socket.query(contactQuery(numbers, this.#socket.generateMessageTag()))) as
      | BinaryNode
      | undefined
    if (answer === undefined) throw new Error('WhatsApp did not answer who is behind a number')
    const people: People = { found: new Map(), others: [] }
    for (const user of usersIn(answer)) {
      const { number, person } = personIn(user, numbers)
      if (number !== null) people.found.set(number, person)
      else if (person !== null) people.others.push(person)
    }
    await this.learn([...people.found.values(), ...people.others].filter((person) => person !== null))
    return people
  }

  /** Keeps pairs; what was known of those numbers before is replaced. */
  async learn(people: readonly Person[]): Promise<void> {
    const pairs = people.flatMap(({ pn, lid }) => (pn === null || lid === null ? [] : [{ pn, lid }]))
    if (pairs.length === 0) return
    // What is asked for is the latest: a LID that was called stale is the right one after all.
    const again = pairs.filter(({ pn, lid }) => this.#mapping(staleIdOf(userOf(pn))) === userOf(lid))
    if (again.length > 0) {
      this.#keys.set({
        'lid-mapping': Object.fromEntries(again.map(({ pn }) => [staleIdOf(userOf(pn)), null])),
      })
    }
    await this.#socket.signalRepository.lidMapping.storeLIDPNMappings(pairs)
  }

  /**
   * The number has another LID by now, which is asked for before the next message. The old one is remembered as such:
   * notifications and history may go on naming it.
   */
  forget(pn: string): void {
    const user = userOf(pn)
    const old = this.#mapping(user)
    if (old === undefined) return
    whileKept(() => this.#keys.set({ 'lid-mapping': { [user]: null, [staleIdOf(user)]: old } }))
    forgetLid(this.#socket.signalRepository, userOf(pn))
  }

  /** Of a connection that is over nothing is known any more. */
  #mapping(id: string): string | undefined {
    return whileKept(() => this.#keys.get('lid-mapping', [id])[id])
  }
}

function staleIdOf(user: string): string {
  return `${user}_stale`
}

function whileKept<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof KeysUnavailable) return undefined
    throw error
  }
}

/** With the `+`: without it WhatsApp does not know 10 and 11 digit Indonesian numbers. */
function contactQuery(numbers: readonly string[], id: string): BinaryNode {
  const users = numbers.map((number) => ({
    tag: 'user',
    attrs: {},
    content: [{ tag: 'contact', attrs: {}, content: `+${number}` }],
  }))
  return {
    tag: 'iq',
    attrs: { id, to: 's.whatsapp.net', type: 'get', xmlns: 'usync' },
    content: [
      {
        tag: 'usync',
        attrs: { context: 'interactive', mode: 'query', sid: id, last: 'true', index: '0' },
        content: [
          {
            tag: 'query',
            attrs: {},
            content: [{ tag: 'contact', attrs: { addressing_mode: 'lid' } }],
          },
          { tag: 'list', attrs: {}, content: users },
        ],
      },
    ],
  }
}

function usersIn(answer: BinaryNode): BinaryNode[] {
  const { getBinaryNodeChild, getBinaryNodeChildren } = baileys()
  const list = getBinaryNodeChild(getBinaryNodeChild(answer, 'usync'), 'list')
  return getBinaryNodeChildren(list, 'user')
}

/**
 * Whom one `<user jid="…@lid" pn_jid="…"><contact type>+62…</contact></user>` is about. The number is the one that was
 * asked for, which `contact` repeats: some countries' numbers are known to WhatsApp in another form.
 */
function personIn(
  user: BinaryNode,
  numbers: readonly string[],
): { number: string | null; person: Person | null } {
  const contact = baileys().getBinaryNodeChild(user, 'contact')
  const names = [user.attrs['jid'], user.attrs['pn_jid']].filter((jid) => jid !== undefined)
  const pn = names.find((jid) => jid.endsWith('@s.whatsapp.net')) ?? null
  const lid = names.find((jid) => jid.endsWith('@lid')) ?? null
  const typed = textOf(contact).replaceAll(/\D/g, '')
  const named = pn === null ? null : userOf(pn)
  const number = numbers.find((one) => one === typed) ?? numbers.find((one) => one === named)
  const only = numbers.length === 1 ? (numbers[0] ?? null) : null
  const exists = contact?.attrs['type'] === 'in' && names.length > 0
  return { number: number ?? only, person: exists ? { pn, lid } : null }
}

function textOf(node: BinaryNode | undefined): string {
  const { content } = node ?? {}
  return typeof content === 'string' || content instanceof Uint8Array ? Buffer.from(content).toString() : ''
}
