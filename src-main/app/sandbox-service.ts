import type { Device } from '../devices/device.ts'
import type { Devices } from '../devices/devices.ts'
import { Failure, sentenceOf } from '../lib/failure.ts'
import { Listeners } from '../lib/listeners.ts'
import type { Logger } from '../lib/logging/logger.ts'
import type { Control } from '../sandbox/control/sandbox-control.ts'
import type { InboxMessage, Sandbox } from '../sandbox/sandbox.ts'

/** The number of the device that `--sandbox` pairs; part of the outside interface. */
export const firstNumber = '6285500000000'
const pairingTimeoutMs = 15_000

/**
 * The sandbox's place in the program: started when a device needs it, and paired with at one request, because a
 * practice phone can scan without hands.
 */
export class PracticeWhatsApp {
  /** A practice recipient received something. */
  readonly onReceived = new Listeners<InboxMessage>()
  readonly #file: string
  readonly #log: Logger
  #sandbox: Sandbox | null = null
  #control: Control | null = null
  #starting: Promise<Sandbox> | null = null

  constructor(options: { file: string; log: Logger }) {
    this.#file = options.file
    this.#log = options.log
  }

  /** null while it does not run. */
  get sandbox(): Sandbox | null {
    return this.#sandbox
  }

  /** Ports that belong to this program, not to a caller's file server. */
  get ports(): number[] {
    return [...(this.#sandbox?.ports ?? []), ...(this.#control === null ? [] : [this.#control.port])]
  }

  start(): Promise<Sandbox> {
    this.#starting ??= this.#open().catch((error: unknown) => {
      this.#starting = null
      throw error
    })
    return this.#starting
  }

  /** Opens the interface by which scripts outside the program read the inbox; the answer is its address. */
  async startControl(): Promise<string> {
    const sandbox = await this.start()
    const { startControl } = await import('../sandbox/control/sandbox-control.ts')
    this.#control ??= await startControl(sandbox)
    return this.#control.url
  }

  async stop(): Promise<void> {
    await this.#control?.stop()
    await this.#sandbox?.stop()
    this.#control = null
    this.#sandbox = null
  }

  /** The device that scripts and the curl line use, paired and connected. */
  async pairFirstDevice(devices: Devices): Promise<Device> {
    const kept = devices.byNumber(firstNumber)
    const device =
      kept ?? (await devices.add({ kind: 'sandbox', number: firstNumber, name: 'Sandbox device' }))
    return this.pair(devices, device)
  }

  /** One more practice device, under a number of its own, paired and connected. */
  async addDevice(devices: Devices, name: string): Promise<Device> {
    const sandbox = await this.start()
    let number = sandbox.freeNumber()
    // The practice WhatsApp does not know those that are not paired, or not any more.
    while (devices.byNumber(number) !== undefined) number = sandbox.freeNumber()
    return this.pair(devices, await devices.add({ kind: 'sandbox', number, name }))
  }

  /**
   * Has a practice phone of the device's number scan the QR that the device shows; also where the practice WhatsApp
   * does not know a paired device any more, because its file was damaged or removed.
   * @throws Failure pairing_failed when it is not connected in time
   */
  async pair(devices: Devices, device: Device): Promise<Device> {
    const sandbox = await this.start()
    const connects = () => devices.whenConnected(device.id, { withinMs: pairingTimeoutMs })
    let isConnected = device.paired && (await connects())
    if (devices.get(device.id)?.paired === false) {
      await this.#pairAnew(sandbox, devices, device)
      isConnected = await connects()
    }
    if (isConnected) return devices.get(device.id) ?? device
    throw new Failure(
      'pairing_failed',
      'The sandbox device did not connect; kurir.log in the data folder says why.',
    )
  }

  async #pairAnew(sandbox: Sandbox, devices: Devices, device: Device): Promise<void> {
    let scanned = false
    const scanWhenShown = ({ id, state }: Device): void => {
      if (scanned || id !== device.id || state.name !== 'pairing' || state.qr === null) return
      scanned = true
      unsubscribe()
      sandbox.scan(state.qr.text, device.number ?? firstNumber).catch((error: unknown) => {
        this.#log.warn({ device: id, reason: sentenceOf(error) }, 'the practice phone could not scan')
      })
    }
    const unsubscribe = devices.onChange.add(scanWhenShown)
    await devices.pair(device.id, 'qr').catch((error: unknown) => {
      unsubscribe()
      throw error
    })
    // One whose QR is on the screen already says nothing new until the next QR.
    const shown = devices.get(device.id)
    if (shown !== undefined) scanWhenShown(shown)
  }

  async #open(): Promise<Sandbox> {
    const { startSandbox } = await import('../sandbox/sandbox.ts')
    this.#sandbox = await startSandbox({ file: this.#file, log: this.#log })
    this.#sandbox.onReceived.add((message) => this.onReceived.emit(message))
    return this.#sandbox
  }
}
