import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeBinaryNode, type BinaryNode } from '@whiskeysockets/baileys'
import { pino } from 'pino'
import { startControl } from '../../src-main/sandbox/control/sandbox-control.ts'
import { startSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts'
import { inState, until } from '../devices/devices-fixture.ts'
import type { Fixture } from '../devices/devices-fixture.ts'
import { pairByApi } from '../support/practice-server.ts'
import { openWindowBridge } from '../support/window-bridge.ts'
import { eventually, startProgram, temporaryFolder, type Program } from '../support/program.ts'
import { Seeded } from './seeded.ts'

/** The device that gets what is made up, and the one that must not notice. */
export const victim = '6285500000000'
export const bystander = '6285500000001'
const contact = '6281300000000'

export interface FuzzedProgram {
  program: Program
  sandbox: Sandbox
  /** Connects the first device at once, as the operator may where it pauses. */
  connectVictim(): Promise<void>
  /** Sends by a device and answers what the API says. */
  send(sender: string): Promise<string>
  stop(): Promise<void>
}

/** The real program in a process of its own, with two devices on a sandbox of this process. */
export async function startFuzzedProgram(): Promise<FuzzedProgram> {
  const sandbox = await startSandbox({ file: null, log: pino({ level: 'silent' }) })
  const control = await startControl(sandbox)
  const certificate = join(temporaryFolder(), 'ca.pem')
  writeFileSync(certificate, sandbox.certificate)
  const program = await startProgram({
    args: ['--whatsapp-url', sandbox.url, '--extra-ca', certificate, '--new-key', 'fuzz'],
  })
  const { api, apiKey } = program.ready
  const key = apiKey ?? ''
  for (const number of [victim, bystander]) await pairByApi({ api, key, control: control.url, number })
  const bridge = await openWindowBridge(String(program.ready.window))
  const devices = (await bridge.call('devices.list', {})) as { id: string; number: string }[]
  const id = devices.find(({ number }) => number === victim)?.id
  return {
    program,
    sandbox,
    connectVictim: async () => void (await bridge.call('devices.connect', { id })),
    send: async (sender) => {
      const query = new URLSearchParams({
        api_key: key,
        sender,
        number: '6281234567890',
        message: 'still here',
      })
      const answer = await fetch(`${api}/send-message?${query.toString()}`)
      return answer.text()
    },
    stop: async () => {
      bridge.close()
      await program.stop()
      await control.stop()
      await sandbox.stop()
    },
  }
}

const tags = 'message receipt notification call chatstate presence ib iq ack status error'.split(' ')
const children =
  'enc participants user list item device add remove update devices key identity count collection dirty offline ' +
  'offline_preview edge_routing routing_info error unavailable verified_name media rmr token tokens composing paused ' +
  'result query usync props media_conn host pair-device ref success reg'
const childTags = children.split(' ')
const types =
  'devices encrypt server_sync w:gp2 account_sync picture mex privacy_token mediaretry status psa contacts ' +
  'link_code_companion_reg companion_reg_refresh retry read played sender inactive text media get set result error ' +
  'pkmsg msg skmsg available unavailable'
const typeValues = types.split(' ')
const names =
  'id from to participant recipient type t notify offline class xmlns count v jid value name count'.split(' ')
const jids = [
  `${contact}@s.whatsapp.net`,
  '999@lid',
  '120363000000000001@g.us',
  'status@broadcast',
  '120363000000000100@newsletter',
  '@s.whatsapp.net',
]

/** Stanzas, and what stands for them, that a server or a contact may send. */
class InboundFuzzer {
  readonly #seeded: Seeded

  constructor(seed: number) {
    this.#seeded = new Seeded(seed)
  }

  /** A stanza that can be decoded, of a shape that makes no sense as a rule. It never ends a link: those do. */
  stanza(): BinaryNode {
    return this.#node(this.#seeded.one(tags), 0)
  }

  /** An encoded stanza that was damaged: bytes changed, cut out, put in, or nothing but bytes. */
  plain(): Buffer {
    const encoded = encodeBinaryNode(this.stanza())
    const bytes = Buffer.from(encoded)
    const way = this.#seeded.below(5)
    if (way === 0) return this.#seeded.bytes(this.#seeded.below(400))
    if (way === 1) return bytes.subarray(0, this.#seeded.below(bytes.length))
    if (way === 2) return Buffer.concat([Buffer.from([this.#seeded.below(256)]), bytes.subarray(1)])
    for (let changes = 1 + this.#seeded.below(6); changes > 0; changes--) {
      if (bytes.length > 1) bytes[1 + this.#seeded.below(bytes.length - 1)] = this.#seeded.below(256)
    }
    return way === 3 ? bytes : Buffer.concat([bytes, this.#seeded.bytes(this.#seeded.below(40))])
  }

  /** A message's content as it comes out of the encryption: protobuf fields of any number and type. */
  protobuf(): Buffer {
    const fields = Array.from({ length: 1 + this.#seeded.below(12) }, () => {
      const field = 1 + this.#seeded.below(120)
      const key = varint((field << 3) | (this.#seeded.below(4) === 0 ? 0 : 2))
      const content = this.#seeded.bytes(this.#seeded.below(60))
      return (key[0] ?? 0) % 8 === 0
        ? Buffer.concat([key, varint(this.#seeded.below(2 ** 31))])
        : Buffer.concat([key, varint(content.length), content])
    })
    const padding = 1 + this.#seeded.below(16)
    return Buffer.concat([...fields, Buffer.alloc(padding, padding)])
  }

  /** Bytes that are no frame of anybody's. */
  noise(length: number): Buffer {
    return this.#seeded.bytes(length)
  }

  #node(tag: string, depth: number): BinaryNode {
    const attrs: Record<string, string> = {}
    for (let more = this.#seeded.below(6); more > 0; more--) attrs[this.#seeded.one(names)] = this.#value()
    if (depth === 0 && this.#seeded.below(4) > 0) {
      attrs['from'] = this.#seeded.one(jids)
      attrs['id'] ??= `F${this.#seeded.below(1_000_000)}`
    }
    return { tag, attrs, content: this.#content(depth) }
  }

  #content(depth: number): NonNullable<BinaryNode['content']> {
    const kind = this.#seeded.below(depth > 3 ? 3 : 6)
    if (kind === 0) return this.#seeded.bytes(this.#seeded.below(80))
    if (kind === 1) return []
    if (kind === 2) return this.#value()
    return Array.from({ length: this.#seeded.below(4) }, () =>
      this.#node(this.#seeded.one(childTags), depth + 1),
    )
  }

  #value(): string {
    const kind = this.#seeded.below(5)
    if (kind === 0) return this.#seeded.one(jids)
    if (kind === 1) return String(this.#seeded.below(2 ** 31))
    if (kind === 2) return ''
    return kind === 3
      ? this.#seeded.one(typeValues)
      : this.#seeded.bytes(this.#seeded.below(12)).toString('latin1')
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Buffer.from([...bytes, rest])
}

/**
 * Sends so many made-up stanzas and message contents to one device of a running program, waiting for it where its
 * connection had to end.
 */
export async function fuzzStanzas(fuzzed: FuzzedProgram, seed: number, count: number): Promise<void> {
  const { sandbox, program } = fuzzed
  const fuzzer = new InboundFuzzer(seed)
  for (let sent = 0; sent < count; sent++) {
    if (!sandbox.isConnected(victim)) {
      await fuzzed.connectVictim()
      await eventually(() => sandbox.isConnected(victim), 30_000)
    }
    if (program.process.exitCode !== null) throw new Error(`the program ended:\n${program.output()}`)
    if (sent % 3 === 2) await sandbox.write(contact, victim, fuzzer.protobuf())
    else sandbox.sendStanza(victim, fuzzer.stanza())
    if (sent % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Sends so many damaged frames to one device, which is connected again after each that ends its connection. */
export async function fuzzFrames(
  { sandbox, devices }: Fixture,
  { id, number }: { id: string; number: string },
  seed: number,
  count: number,
): Promise<void> {
  const fuzzer = new InboundFuzzer(seed)
  for (let sent = 0; sent < count; sent++) {
    // The head of a whole frame: a device waits for the rest of a frame that is cut short.
    if (sent % 10 === 9) sandbox.sendRaw(number, Buffer.concat([Buffer.from([0, 0, 60]), fuzzer.noise(60)]))
    else sandbox.sendPlain(number, fuzzer.plain())
    // An answer comes after whatever was before it on the line.
    await devices.lookUp(id, [`62811${String(10_000_000 + sent)}`]).catch(() => undefined)
    if (devices.get(id)?.state.name === 'connected') continue
    // At once, where five in a row make a pause of a quarter of an hour.
    await devices.connect(id)
    await until(devices, id, inState('connected'))
  }
}
