import { expect, test } from 'vitest'
import type { People } from '../../src-main/devices/addressing/lids.ts'
import type { Connection } from '../../src-main/devices/connection/connection.ts'
import { Lookups } from '../../src-main/devices/connection/number-lookups.ts'

/** Answers as WhatsApp does: each account once, by the number that it has there, in no order of the question's. */
function whatsApp(accounts: Readonly<Record<string, readonly string[]>>) {
  const questions: (readonly string[])[] = []
  const ask = (asked: readonly string[]): Promise<People> => {
    questions.push(asked)
    const known = Object.entries(accounts).filter(([, forms]) =>
      asked.some((number) => forms.includes(number)),
    )
    const people: People = { found: new Map(), others: [] }
    for (const [number] of known.toReversed()) {
      const person = { pn: `${number}@s.whatsapp.net`, lid: null }
      const [only] = asked
      if (asked.includes(number)) people.found.set(number, person)
      else if (asked.length === 1 && only !== undefined) people.found.set(only, person)
      else people.others.push(person)
    }
    return Promise.resolve(people)
  }
  const raceWithClose = <T>(answer: Promise<T>): Promise<T> => answer
  return { connection: { addressing: { lids: { ask } }, raceWithClose } as unknown as Connection, questions }
}

test.each([
  ['Brazil', '556187654321', '5561987654321'],
  ['Mexico', '5215512345678', '525512345678'],
  ['Argentina', '5491123456789', '541123456789'],
])('both forms of a number of %s are one account, also in one question', async (_country, known, other) => {
  const { connection } = whatsApp({ [known]: [known, other], '6285500000501': ['6285500000501'] })
  const answers = await new Lookups().ask('real', connection, [other, '6285500000501', known])
  const there = { exists: true, jid: `${known}@s.whatsapp.net`, lid: null }
  expect(answers.get(other)).toEqual(there)
  expect(answers.get(known)).toEqual(there)
})

test('a number that nobody has is asked about alone only where an answer may be its own', async () => {
  const { connection, questions } = whatsApp({ '6285500000501': ['6285500000501'] })
  const answers = await new Lookups().ask('real', connection, ['6285500000501', '6285500000102'])
  expect(answers.get('6285500000102')).toEqual({ exists: false })
  expect(questions).toHaveLength(1)
})

test('a number that is known by another one is found alone and among others, and is remembered', async () => {
  const { connection, questions } = whatsApp({ '556187654321': ['556187654321', '5561987654321'] })
  const lookups = new Lookups()
  const there = { exists: true, jid: '556187654321@s.whatsapp.net', lid: null }
  for (const numbers of [['5561987654321', '6285500000101'], ['5561987654321']]) {
    expect((await lookups.ask('real', connection, numbers)).get('5561987654321')).toEqual(there)
  }
  expect(questions.flat().filter((asked) => asked === '5561987654321')).toHaveLength(2)
})
