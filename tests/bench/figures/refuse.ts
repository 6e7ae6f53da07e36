import { join } from 'node:path'
import { Caller, inParallel } from '../caller.ts'
import { startChild } from '../child.ts'
import type { Figure } from '../figure.ts'
import { startKurir } from '../kurir.ts'
import { seedFolder } from '../seeding.ts'
import { ratios, rounded } from '../statistics.ts'

const connections = 32
const hello = join(import.meta.dirname, '..', 'processes', 'koa-hello.ts')

/** What a flood of wrong keys costs, beside the smallest Koa program. */
export const refuse: Figure = {
  names: ['refuse'],
  measure: async ({ rounds, quick, say }) => {
    const kurir = await startKurir(await seedFolder([]), null)
    const { child, ready: port } = await startChild<number>(hello, {})
    const count = quick ? 20_000 : 40_000
    const call = new URLSearchParams({
      api_key: `${kurir.apiKey.slice(0, -4)}AAAA`,
      sender: '6285500000000',
      number: '6285500000500',
      message: 'Halo dari kasir',
    })
    const bad = (caller: Caller): Promise<{ status: number }> => caller.get(`/send-message?${call}`)
    const rate = { hello: [] as number[], refused: [] as number[] }
    const measure = async (port: number, ask: typeof bad, status: number, count: number): Promise<number> => {
      const callers = Array.from({ length: connections }, () => new Caller(port))
      const ms = await inParallel(connections, count, async (_, lane) => {
        const answer = await ask(callers[lane] ?? new Caller(port))
        if (answer.status !== status) throw new Error(`answered ${answer.status}`)
      })
      for (const caller of callers) caller.close()
      return (count * 1_000) / ms
    }
    const greet = (caller: Caller): Promise<{ status: number }> => caller.get('/')
    await measure(port, greet, 200, 5_000)
    await measure(kurir.port, bad, 400, 5_000)
    for (let round = 0; round < rounds; round++) {
      rate.hello.push(await measure(port, greet, 200, count))
      rate.refused.push(await measure(kurir.port, bad, 400, count))
      say(
        `per second: hello ${rounded(rate.hello.at(-1) ?? 0)}, refused ${rounded(rate.refused.at(-1) ?? 0)}`,
      )
    }
    await Promise.all([kurir.stop(), child.stop()])
    return [
      {
        name: 'refuse',
        samples: ratios(rate.refused, rate.hello),
        sides: [
          { label: 'bare Koa, hello by GET', unit: 'requests/s', samples: rate.hello },
          { label: 'Kurir, bad key by GET', unit: 'requests/s', samples: rate.refused },
        ],
        notes: [`${connections} connections.`],
      },
    ]
  },
}
