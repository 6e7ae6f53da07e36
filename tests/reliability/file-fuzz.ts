import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { startProgram, temporaryFolder, type Program } from '../support/program.ts'
import { watchHealth } from '../support/watchdog.ts'
import { fileKinds, mutateFile, sampleFiles, type FileKind, type MutatedFile } from './file-mutations.ts'
import { Seeded } from './seeded.ts'

/** What a run of a fuzzer found out. */
export interface FuzzResult {
  readonly requests: number
  readonly complaints: string[]
  /** Milliseconds for which /health was held at most. */
  readonly maxHealthMs: number
  readonly grownMiB: number
  readonly seconds: number
  /** How often each code came; `sent` beside them. */
  readonly codes: Record<string, number>
}

/** A device of the practice WhatsApp, and the people it writes to in turn: what goes to one keeps its order. */
const sender = '6285500000000'
const recipients = Array.from({ length: 12 }, (_, index) => String(6_285_500_000_500 + index))
let turn = 0
const atOnce = 4

/** The real program with its practice WhatsApp in a process of its own; its file servers may be on this PC. */
export async function startForFuzzing(): Promise<Program> {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'data'), { recursive: true })
  const settings = { 'media.trustedHosts': 'localhost' }
  writeFileSync(join(folder, 'data', 'settings.json'), JSON.stringify(settings), { mode: 0o600 })
  return startProgram({ folder, args: ['--sandbox'] })
}

/** Sends so many mutated files of each kind, and watches the program meanwhile. */
export async function fuzzFiles(program: Program, seed: number, ofEachKind: number): Promise<FuzzResult> {
  const samples = await sampleFiles()
  const work = fileKinds.flatMap((kind) =>
    Array.from({ length: ofEachKind }, (_, index) => ({ kind, index })),
  )
  return watched(program, work, async ({ kind, index }) => {
    const seeded = new Seeded(seed + index * 7 + fileKinds.indexOf(kind))
    const file = mutateFile(samples[kind], seeded)
    return complaintAbout(await sendFile(program, file), `${kind} ${String(index)} of seed ${String(seed)}`)
  })
}

/** Sends one file that nothing changed: the program still works. */
export async function sendsWholeFile(program: Program, kind: FileKind): Promise<boolean> {
  const [sample] = (await sampleFiles())[kind]
  if (sample === undefined) return false
  const { bytes, mediaTypes } = sample
  const file = { bytes, mediaType: mediaTypes[0] ?? 'document', fileName: 'whole', voice: false } as const
  const { status } = await sendFile(program, file)
  return status === 200
}

export interface Answer {
  readonly status: number
  readonly text: string
}

async function sendFile(program: Program, file: MutatedFile): Promise<Answer> {
  const { bytes, mediaType, fileName, voice } = file
  const body = new FormData()
  body.append('file', new File([new Uint8Array(bytes)], fileName))
  return send(program, { media_type: mediaType, ptt: voice && mediaType === 'audio' ? '1' : '' }, body)
}

export async function send(
  program: Program,
  parameters: Record<string, string>,
  body: FormData | null = null,
): Promise<Answer> {
  const { api, apiKey } = program.ready
  const number = recipients[(turn += 1) % recipients.length] ?? ''
  const query = new URLSearchParams({ sender, number, ...parameters })
  const answer = await fetch(`${api}/send-media?${query.toString()}`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey ?? '' },
    body,
  })
  return { status: answer.status, text: await answer.text() }
}

/** An answer of 500, or one that is no JSON, is none that anybody planned. */
export function complaintAbout(
  { status, text }: Answer,
  about: string,
): { code: string; complaint: string | null } {
  try {
    const { code = null, status: isSent } = JSON.parse(text) as { code?: string | null; status?: boolean }
    const word = isSent === true ? 'sent' : (code ?? String(status))
    return { code: word, complaint: status === 500 ? `${about}: ${text}` : null }
  } catch {
    return { code: String(status), complaint: `${about}: ${String(status)} ${text.slice(0, 300)}` }
  }
}

/** Milliseconds for which /health may be held: a second, and longer where other programs want the processors. */
export function maxHealthMs(): number {
  return 1_000 * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())
}

/** Does all of it, some at once, while /health is asked and the memory is looked at. */
export async function watched<Item>(
  program: Program,
  items: readonly Item[],
  one: (item: Item) => Promise<{ code: string; complaint: string | null }>,
  workers = atOnce,
): Promise<FuzzResult> {
  const before = residentBytes(program)
  let peak = before
  const sampler = setInterval(() => (peak = Math.max(peak, residentBytes(program))), 200)
  const health = watchHealth(program.ready.api)
  const began = performance.now()
  const complaints: string[] = []
  const codes: Record<string, number> = {}
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length && complaints.length < 20) {
      const item = items[next] as Item
      next += 1
      const { code, complaint } = await one(item).catch((error: unknown) => ({
        code: 'none',
        complaint: `${JSON.stringify(item).slice(0, 500)}: ${String(error)}`,
      }))
      codes[code] = (codes[code] ?? 0) + 1
      if (complaint !== null) complaints.push(complaint)
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  clearInterval(sampler)
  const { max } = await health.stop()
  return {
    requests: next,
    complaints,
    maxHealthMs: Math.round(max),
    grownMiB: Math.round((peak - before) / 1_048_576),
    seconds: Math.round((performance.now() - began) / 1_000),
    codes,
  }
}

function residentBytes(program: Program): number {
  const status = readFileSync(`/proc/${String(program.process.pid)}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024
}
