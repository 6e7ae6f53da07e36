import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { useMultiFileAuthState } from '@whiskeysockets/baileys'
import { Caller } from '../caller.ts'
import type { Figure } from '../figure.ts'
import { freePort, spawnKurir, startKurir, stopKurir } from '../kurir.ts'
import { contacts, deviceNumbers, startPractice, type Account, type Practice } from '../practice.ts'
import { seedFolder, temporaryFolder, type Seeded } from '../seeding.ts'
import { Callers } from '../sending.ts'
import { ratios, rounded } from '../statistics.ts'

const [person = ''] = contacts(1, 300)
const bareFile = join(import.meta.dirname, '..', 'processes', 'first-bare-send.ts')

/** From the start of the process to the first acknowledged message, with what an earlier run left. */
export const firstSend: Figure = {
  names: ['first_send'],
  measure: async ({ rounds, say }) => {
    const practice = await startPractice()
    const [one, other] = await practice.accounts(deviceNumbers(2, 400))
    if (one === undefined || other === undefined) throw new Error('no accounts')
    const seeded = await seedFolder([one])
    const folder = await bareFolder(other)
    await warm(seeded, one, practice)
    const took = { bare: [] as number[], kurir: [] as number[] }
    await bare(practice, folder)
    await kurir(seeded, one, practice)
    for (let round = 0; round < rounds; round++) {
      took.bare.push(await bare(practice, folder))
      took.kurir.push(await kurir(seeded, one, practice))
      say(`ms: bare ${rounded(took.bare.at(-1) ?? 0)}, Kurir ${rounded(took.kurir.at(-1) ?? 0)}`)
    }
    await practice.stop()
    return [
      {
        name: 'first_send',
        samples: ratios(took.kurir, took.bare),
        sides: [
          { label: 'bare Baileys from stored keys', unit: 'ms', samples: took.bare },
          { label: 'Kurir, through its API', unit: 'ms', samples: took.kurir },
        ],
        notes: [
          'The built program, beside a script of some 50 lines that imports Baileys from node_modules.',
        ],
      },
    ]
  },
}

/** Stored keys as Baileys' own helper keeps them. */
async function bareFolder({ credentials }: Account): Promise<string> {
  const folder = temporaryFolder()
  const { state, saveCreds } = await useMultiFileAuthState(folder)
  Object.assign(state.creds, credentials)
  await saveCreds()
  return folder
}

/** The contact is known, as in a shop that opens in the morning. */
async function warm(seeded: Seeded, { number }: Account, practice: Practice): Promise<void> {
  const running = await startKurir(seeded, practice)
  const callers = new Callers(running)
  await callers.send(number, person)
  callers.close()
  await running.stop()
}

async function bare(practice: Practice, folder: string): Promise<number> {
  const file = join(folder, 'run.json')
  writeFileSync(file, JSON.stringify({ url: practice.url, folder, number: person }))
  const began = performance.now()
  const child = spawn(process.execPath, [bareFile, file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('bare Baileys did not send')
  return performance.now() - began
}

async function kurir(seeded: Seeded, { number }: Account, practice: Practice): Promise<number> {
  const port = await freePort()
  const headers = { 'X-API-Key': seeded.apiKey, 'Content-Type': 'application/json' }
  const began = performance.now()
  const child = spawnKurir(seeded, practice, ['--port', String(port)])
  const caller = new Caller(port)
  const message = `Selamat pagi ${began}`
  for (;;) {
    const body = JSON.stringify({ sender: number, number: person, message })
    const answer = await caller.post('/send-message', headers, body).catch(() => null)
    if (answer?.status === 200) break
    await pause(5)
  }
  const took = performance.now() - began
  caller.close()
  await stopKurir(child)
  return took
}
