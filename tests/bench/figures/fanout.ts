import { inParallel } from '../caller.ts'
import type { Figure } from '../figure.ts'
import { startKurir } from '../kurir.ts'
import { contacts, deviceNumbers, startPractice } from '../practice.ts'
import { seedFolder } from '../seeding.ts'
import { Callers } from '../sending.ts'
import { ratios, rounded } from '../statistics.ts'

const devices = 50
const tills = 8
/** Each device has its own. */
const contactsEach = 4

/** Fifty devices of one program that all send at once, beside one of them that sends alone. */
export const fanout: Figure = {
  names: ['fanout_50'],
  measure: async ({ rounds, quick, say }) => {
    const practice = await startPractice()
    const numbers = deviceNumbers(devices, 100)
    const kurir = await startKurir(await seedFolder(await practice.accounts(numbers)), practice)
    const callers = new Callers(kurir)
    const people = contacts(contactsEach, 100)
    const toSomebody = (sender: string | undefined, index: number): Promise<void> =>
      callers.send(sender ?? '', people[index % people.length] ?? '')
    const count = quick ? 1_000 : 2_000
    const rate = { one: [] as number[], all: [] as number[] }

    await inParallel(16, devices * contactsEach * 2, (index) =>
      toSomebody(numbers[index % devices], Math.floor(index / devices)),
    )
    for (let round = 0; round < rounds; round++) {
      callers.close()
      const one = await inParallel(tills, count / 2, (index) => toSomebody(numbers[0], index))
      rate.one.push((count * 500) / one)
      callers.close()
      const all = await inParallel(devices, count, (index, lane) => toSomebody(numbers[lane], index))
      rate.all.push((count * 1_000) / all)
      say(`per second: one ${rounded(rate.one.at(-1) ?? 0)}, fifty ${rounded(rate.all.at(-1) ?? 0)}`)
    }
    callers.close()
    await kurir.stop()
    await practice.stop()
    return [
      {
        name: 'fanout_50',
        samples: ratios(rate.all, rate.one),
        sides: [
          { label: 'one device, 8 calls at a time', unit: 'messages/s', samples: rate.one },
          { label: '50 devices, one call each at a time', unit: 'messages/s', samples: rate.all },
        ],
      },
    ]
  },
}
