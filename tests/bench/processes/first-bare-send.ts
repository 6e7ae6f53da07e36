/** Bare Baileys from stored keys: starts, connects, sends one message, ends when it is acknowledged. */
import { readFileSync } from 'node:fs'
import {
  Browsers,
  generateMessageIDV2,
  makeCacheableSignalKeyStore,
  makeWASocket,
  useMultiFileAuthState,
} from '@whiskeysockets/baileys'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { pino } from 'pino'

const [, , file = ''] = process.argv
const { url, folder, number } = JSON.parse(readFileSync(file, 'utf8')) as {
  url: string
  folder: string
  number: string
}
const quiet = pino({ level: 'silent' })
console.info = () => {}

const { state, saveCreds } = await useMultiFileAuthState(folder)
const socket = makeWASocket({
  waWebSocketUrl: url,
  auth: { creds: state.creds, keys: makeCacheableSignalKeyStore(state.keys, quiet) },
  logger: quiet,
  browser: Browsers.ubuntu('Chrome'),
  markOnlineOnConnect: false,
  syncFullHistory: false,
  shouldSyncHistoryMessage: () => false,
  emitOwnEvents: false,
})
socket.ev.on('creds.update', () => void saveCreds())
await new Promise<void>((resolve) => {
  socket.ev.on('connection.update', ({ connection }) => {
    if (connection === 'open') resolve()
  })
})
const messageId = generateMessageIDV2(socket.user?.id)
const acknowledged = new Promise<void>((resolve) => {
  socket.ws.on('CB:ack,class:message', (node: BinaryNode) => {
    if (node.attrs['id'] === messageId) resolve()
  })
})
await socket.sendMessage(`${number}@s.whatsapp.net`, { text: 'Selamat pagi' }, { messageId })
await acknowledged
process.exit(0)
