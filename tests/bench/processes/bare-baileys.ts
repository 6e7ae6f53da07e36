/**
 * Bare Baileys as its best users have it: keys in memory, or in files with or without Baileys' own cache; ids chosen
 * beforehand, one message in flight, gated on the server's acknowledgement. Answers questions over IPC.
 */
import { rmSync } from 'node:fs'
import { Agent } from 'node:https'
import { setImmediate as turn } from 'node:timers/promises'
import {
  Browsers,
  BufferJSON,
  generateMessageIDV2,
  makeCacheableSignalKeyStore,
  makeWASocket,
  useMultiFileAuthState,
} from '@whiskeysockets/baileys'
import type {
  AnyMessageContent,
  AuthenticationCreds,
  AuthenticationState,
  BinaryNode,
  SignalDataTypeMap,
  SignalKeyStore,
  WASocket,
} from '@whiskeysockets/baileys'
import { pino } from 'pino'
import { steadily } from '../caller.ts'
import { serve } from '../child.ts'
import { textOf } from '../sending.ts'

/** What this process is started with. */
export interface BareOptions {
  url: string
  certificate: string
  /** As Baileys' BufferJSON; null: from the files. */
  credentials: string | null
  /** A folder for keys in files; null: in memory. */
  folder: string | null
  /** Whether Baileys' own cache lies before the files. */
  cached: boolean
}

export type BareQuestion =
  | { do: 'send'; count: number; numbers: string[] }
  | { do: 'pace'; count: number; numbers: string[]; perSecond: number }
  | { do: 'video'; number: string; bytes: number }

const options = JSON.parse(process.argv[2] ?? '') as BareOptions
const quiet = pino({ level: 'silent' })
// libsignal prints whole sessions.
console.info = () => {}

const auth = await authentication()
const socket = await connect(auth)
const waiting = new Map<string, () => void>()
socket.ws.on('CB:ack,class:message', (node: BinaryNode) => waiting.get(node.attrs['id'] ?? '')?.())

serve(async (question: BareQuestion) => {
  if (question.do === 'send') return sendMany(question)
  if (question.do === 'pace') return sendSteadily(question)
  return sendVideo(question)
})
process.once('SIGTERM', () => {
  if (options.folder !== null) rmSync(options.folder, { recursive: true, force: true })
  process.exit(0)
})
process.send?.({ answer: null })

async function authentication(): Promise<AuthenticationState> {
  const given =
    options.credentials === null
      ? null
      : (JSON.parse(options.credentials, BufferJSON.reviver) as AuthenticationCreds)
  if (options.folder === null) {
    if (given === null) throw new Error('credentials or a folder')
    return { creds: given, keys: memoryKeys() }
  }
  const { state, saveCreds } = await useMultiFileAuthState(options.folder)
  if (given !== null) {
    Object.assign(state.creds, given)
    await saveCreds()
  }
  return {
    creds: state.creds,
    keys: options.cached ? makeCacheableSignalKeyStore(state.keys, quiet) : state.keys,
  }
}

/** The fastest there is: the very objects, in a map. */
function memoryKeys(): SignalKeyStore {
  const kept = new Map<string, SignalDataTypeMap[keyof SignalDataTypeMap]>()
  return {
    get: <T extends keyof SignalDataTypeMap>(type: T, ids: string[]) => {
      const found: { [id: string]: SignalDataTypeMap[T] } = {}
      for (const id of ids) {
        const value = kept.get(`${type}|${id}`)
        if (value !== undefined) found[id] = value as SignalDataTypeMap[T]
      }
      return found
    },
    set: (data) => {
      for (const [type, entries] of Object.entries(data)) {
        for (const [id, value] of Object.entries(entries ?? {})) {
          if (value === null) kept.delete(`${type}|${id}`)
          else kept.set(`${type}|${id}`, value as SignalDataTypeMap[keyof SignalDataTypeMap])
        }
      }
    },
  }
}

async function connect(auth: AuthenticationState): Promise<WASocket> {
  const made = makeWASocket({
    waWebSocketUrl: options.url,
    auth,
    logger: quiet,
    browser: Browsers.ubuntu('Chrome'),
    markOnlineOnConnect: false,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    emitOwnEvents: false,
    fetchAgent: new Agent({ ca: options.certificate }),
  })
  made.ev.on('creds.update', (update) => Object.assign(auth.creds, update))
  await new Promise<void>((resolve, reject) => {
    made.ev.on('connection.update', ({ connection, lastDisconnect }) => {
      if (connection === 'open') resolve()
      if (connection === 'close') reject(lastDisconnect?.error ?? new Error('closed'))
    })
  })
  return made
}

/** Sends and waits for the server's acknowledgement. */
async function send(number: string, content: AnyMessageContent): Promise<void> {
  const messageId = generateMessageIDV2(socket.user?.id)
  const acknowledged = new Promise<void>((resolve) => waiting.set(messageId, resolve))
  await socket.sendMessage(`${number}@s.whatsapp.net`, content, { messageId })
  await acknowledged
  waiting.delete(messageId)
}

let sent = 0

/** One after the other; answers how long all took in milliseconds, and the CPU time. */
async function sendMany(question: {
  count: number
  numbers: string[]
}): Promise<{ ms: number; cpu: number }> {
  const { count, numbers } = question
  const cpu = process.cpuUsage()
  const began = performance.now()
  for (let index = 0; index < count; index++) {
    await send(numbers[index % numbers.length] ?? '', { text: textOf(sent++) })
  }
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - began, cpu: (user + system) / 1_000 }
}

/** At a steady rate, one in flight; what is due while another is on its way waits in line. */
function sendSteadily(question: { count: number; numbers: string[]; perSecond: number }): Promise<number[]> {
  const { count, numbers, perSecond } = question
  let line = Promise.resolve()
  return steadily(perSecond, count, (index) => {
    line = line.then(() => send(numbers[index % numbers.length] ?? '', { text: textOf(sent++) }))
    return line
  })
}

/** A video from a buffer; answers how long it took in milliseconds. */
async function sendVideo({ number, bytes }: { number: string; bytes: number }): Promise<number> {
  const video = Buffer.alloc(bytes, 7)
  await turn()
  const began = performance.now()
  await send(number, { video, mimetype: 'video/mp4', jpegThumbnail: '' })
  return performance.now() - began
}
