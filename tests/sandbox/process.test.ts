import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { BufferJSON, initAuthCreds } from '@whiskeysockets/baileys'
import type { InboxMessage } from '../../src-main/sandbox/delivery/inbox.ts'
import { Client } from './client.ts'
import type { Server } from './client.ts'
import { recipient, sender } from './sandbox-fixture.ts'

interface Ready {
  pid: number
  url: string
  certificate: string
  control: string
}

const children: ChildProcess[] = []
const clients: Client[] = []
let folder = ''

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

async function start(...options: string[]): Promise<{ child: ChildProcess; ready: Ready; server: Server }> {
  const child = fork(join(import.meta.dirname, 'sandbox-process.ts'), ['--spring-accounts', ...options], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  children.push(child)
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  const ready = JSON.parse(String(line)) as Ready
  const { url, certificate, control } = ready
  const scan = async (qr: string, number: string): Promise<void> => {
    await fetch(`${control}/scan`, { method: 'POST', body: JSON.stringify({ qr, number }) })
  }
  return { child, ready, server: { url, certificate, scan } }
}

async function inbox({ control }: Ready): Promise<InboxMessage[]> {
  return (await (await fetch(`${control}/inbox?number=${recipient}`)).json()) as InboxMessage[]
}

function client(server: Server, like?: Client): Client {
  const made = new Client(server)
  clients.push(made)
  if (like !== undefined) {
    Object.assign(made.creds, like.creds)
    for (const [name, value] of like.keys.values) made.keys.values.set(name, value)
  }
  return made
}

// Starting a process takes its time on a busy machine.
describe('the practice WhatsApp in a process of its own', { timeout: 60_000 }, () => {
  it('has kept what it acknowledged when it is killed', async () => {
    folder = await mkdtemp(join(tmpdir(), 'kurir-sandbox-'))
    const file = join(folder, 'sandbox.sqlite')
    const first = await start('--file', file)
    const device = await client(first.server).pair(sender)
    for (const text of ['one', 'two', 'three']) await device.say(recipient, text)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')

    const second = await start('--file', file)
    const again = await client(second.server, device).logIn()
    expect(again.open).toBe(true)
    await again.say(recipient, 'four')
    expect((await inbox(second.ready)).map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four'])
    expect(await (await fetch(`${second.ready.control}/reports`)).json()).toEqual([])
  })

  it('registers companions that it is told of', async () => {
    const { child, ready, server } = await start()
    const creds = initAuthCreds()
    child.send({ seed: JSON.stringify([{ number: '6281100000001', creds }], BufferJSON.replacer) })
    const [{ seeded }] = (await once(child, 'message')) as [{ seeded: string }]
    const device = client(server)
    Object.assign(device.creds, creds, (JSON.parse(seeded, BufferJSON.reviver) as object[])[0])
    await device.logIn()
    await device.say(recipient, 'Halo')
    expect(await inbox(ready)).toMatchObject([{ from: '6281100000001', text: 'Halo' }])
  })

  it('ends when it is asked to', async () => {
    const { child } = await start()
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
  })
})
