import { randomBytes } from 'node:crypto'
import type { Device, DeviceState } from '../../src-main/devices/device.ts'
import type {
  Content,
  Lookup,
  Receipt,
  SendOutcome,
  Outgoing,
} from '../../src-main/devices/connection/sending/outgoing.ts'
import { Failure } from '../../src-main/lib/failure.ts'
import { Listeners } from '../../src-main/lib/listeners.ts'
import type { DeviceGateway } from '../../src-main/messages/sending/device-gateway.ts'

export interface Handed {
  deviceId: string
  messageId: string
  jid: string
  message: Uint8Array
}

type Answer = SendOutcome | Promise<SendOutcome>

export const acknowledged = (at = Date.now()): SendOutcome => ({ result: 'acknowledged', at })
export const unknown: SendOutcome = { result: 'unknown', reason: 'the line dropped' }
export const notSent: SendOutcome = { result: 'not_sent', reason: 'the connection ended' }

/**
 * Devices whose every outcome is the test's to say: the only way to have each of them at will. What real
 * devices make of messages is shown in real-devices.test.ts.
 */
export class ScriptedDevices implements DeviceGateway {
  readonly onChange = new Listeners<Device>()
  readonly onRemoved = new Listeners<string>()
  readonly onReceipt = new Listeners<Receipt>()
  /** Everything that was handed over, in order. */
  readonly handed: Handed[] = []
  readonly lookedUp: string[][] = []
  readonly composed: Content[] = []
  /** What becomes of the next hand-overs; when used up, `answer` says. */
  readonly script: Answer[] = []
  answer: (handed: Handed) => Answer = () => acknowledged()
  lookup: (number: string) => Lookup = (number) => ({
    exists: true,
    jid: `${number}@s.whatsapp.net`,
    lid: null,
  })
  lookupFailure: Failure | null = null
  composeFailure: Failure | null = null
  readonly #devices = new Map<string, Device>()

  add(device: Partial<Device> & { id: string }): Device {
    const whole: Device = {
      kind: 'sandbox',
      name: device.id,
      number: '6285500000000',
      paired: true,
      state: { name: 'connected', since: 0 },
      stateSince: 0,
      lastConnectedAt: 0,
      relinkAdvised: false,
      timeLock: null,
      newChatQuota: null,
      pairedAt: null,
      addedAt: 0,
      ...device,
    }
    this.#devices.set(whole.id, whole)
    return whole
  }

  change(id: string, change: Partial<Device>): void {
    const device = this.#devices.get(id)
    if (device === undefined) throw new Error(`no device ${id}`)
    const changed = { ...device, ...change }
    this.#devices.set(id, changed)
    this.onChange.emit(changed)
  }

  connect(id: string, now: number): void {
    this.change(id, { state: { name: 'connected', since: now }, lastConnectedAt: now })
  }

  /** The line is gone; it is tried again at some time. */
  drop(id: string, lastConnectedAt: number): void {
    const state: DeviceState = {
      name: 'waiting',
      attempt: 1,
      reason: 'line_closed',
      nextTryAt: lastConnectedAt + 1_000,
    }
    this.change(id, { state, lastConnectedAt })
  }

  remove(id: string): void {
    this.forget(id)
    this.onRemoved.emit(id)
  }

  /** It is gone, and nobody was told. */
  forget(id: string): void {
    this.#devices.delete(id)
  }

  list(): Device[] {
    return [...this.#devices.values()]
  }

  get(id: string): Device | undefined {
    return this.#devices.get(id)
  }

  async lookUp(id: string, numbers: string[]): Promise<Map<string, Lookup>> {
    this.#requireConnected(id)
    this.lookedUp.push(numbers)
    await Promise.resolve()
    if (this.lookupFailure !== null) throw this.lookupFailure
    return new Map(numbers.map((number) => [number, this.lookup(number)]))
  }

  async compose(id: string, content: Content): Promise<Uint8Array> {
    this.#requireConnected(id)
    this.composed.push(content)
    await Promise.resolve()
    if (this.composeFailure !== null) throw this.composeFailure
    return Buffer.from(content.kind === 'text' ? content.text : `${content.file.path} ${content.caption}`)
  }

  async send(deviceId: string, { written, ...sending }: Outgoing): Promise<SendOutcome> {
    try {
      await written?.()
    } catch {
      return { result: 'not_sent', reason: 'what it depends on was not saved' }
    }
    const handed = { deviceId, ...sending }
    this.handed.push(handed)
    return this.script.shift() ?? this.answer(handed)
  }

  newMessageId(): string {
    return `3EB0${randomBytes(9).toString('hex').toUpperCase()}`
  }

  texts(): string[] {
    return this.handed.map(({ message }) => Buffer.from(message).toString())
  }

  #requireConnected(id: string): void {
    if (this.get(id)?.state.name !== 'connected') {
      throw new Failure('device_disconnected', 'The device is not connected; nothing was sent.')
    }
  }
}
