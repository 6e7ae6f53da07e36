/** A program with a wrong key that calls as fast as it is answered; says how often it was. */
import { Caller } from '../../bench/caller.ts'
import { serve } from '../../bench/child.ts'

const { port, connections } = JSON.parse(process.argv[2] ?? '') as { port: number; connections: number }
const call = new URLSearchParams({
  api_key: 'kurir_wrongwrongwrongwrongwrongwrongwrongwrongwro',
  sender: '6285500000000',
  number: '6285500000500',
  message: 'Halo',
})
let answered = 0

async function flood(): Promise<never> {
  const caller = new Caller(port)
  for (;;) {
    const { status } = await caller.get(`/send-message?${call}`)
    if (status !== 400) throw new Error(`answered ${status}`)
    answered++
  }
}

for (let index = 0; index < connections; index++) void flood()
serve(async () => answered)
process.once('SIGTERM', () => process.exit(0))
process.send?.({ answer: null })
