import { closeSync, openSync, writeSync } from 'node:fs'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { Failure, sentenceOf, systemCodeOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { StanzaMasker } from './stanza-masker.ts'
import type { MaskedStanza } from './stanza-masker.ts'

/** A trace of an evening is some megabytes; one that nobody ends must not fill the disk. */
const maxTraceBytes = 64 * 1024 * 1024

/** The first line of a trace. */
export interface TraceHeader {
  trace: 'kurir-stanzas'
  form: 1
  version: string
  /** Milliseconds since the epoch. */
  beganAt: number
}

/** Every further line. */
export interface TracedStanza {
  /** Milliseconds since the epoch. */
  at: number
  /** Which of the devices, by the order in which they were first heard of. */
  device: number
  direction: 'in' | 'out'
  stanza: MaskedStanza
}

/** Where the stanzas of all devices are told. */
export interface StanzaSink {
  note(deviceId: string, direction: 'in' | 'out', stanza: BinaryNode): void
}

interface Options {
  version: string
  log: Logger
  now?: () => number
  maxBytes?: number
}

/**
 * Writes every stanza that is sent or received into a file, one JSON a line: time, device, direction, tags and
 * attributes. Contents are never written; attributes only where they belong to the protocol, numbers and LIDs as a hash
 * under a salt that is made for this file and kept nowhere (stanza-masker.ts).
 */
export class StanzaTrace implements StanzaSink {
  readonly #masker = new StanzaMasker()
  readonly #devices = new Map<string, number>()
  readonly #log: Logger
  readonly #now: () => number
  #descriptor: number | null
  #bytesLeft: number

  /** @throws Failure option_invalid, where the file exists or cannot be made */
  constructor(path: string, { version, log, now = Date.now, maxBytes = maxTraceBytes }: Options) {
    this.#log = log
    this.#now = now
    this.#bytesLeft = maxBytes
    this.#descriptor = create(path)
    this.#write({ trace: 'kurir-stanzas', form: 1, version, beganAt: now() } satisfies TraceHeader)
  }

  note(deviceId: string, direction: 'in' | 'out', stanza: BinaryNode): void {
    if (this.#descriptor === null) return
    const device = this.#devices.get(deviceId) ?? this.#devices.size + 1
    this.#devices.set(deviceId, device)
    const masked = this.#masker.mask(stanza)
    this.#write({ at: this.#now(), device, direction, stanza: masked } satisfies TracedStanza)
  }

  close(): void {
    if (this.#descriptor === null) return
    const descriptor = this.#descriptor
    this.#descriptor = null
    closeSync(descriptor)
  }

  /** Synchronous: what came before the program was killed is what the trace is for. */
  #write(line: TraceHeader | TracedStanza): void {
    if (this.#descriptor === null) return
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    this.#bytesLeft -= bytes.length
    try {
      if (this.#bytesLeft < 0) throw new Error('it is as large as it may become')
      writeSync(this.#descriptor, bytes)
    } catch (error) {
      this.#log.warn({ reason: sentenceOf(error) }, 'could not write the stanza trace; tracing stopped')
      this.close()
    }
  }
}

/** For its owner alone, and never over another file. */
function create(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (cause) {
    const why = systemCodeOf(cause) === 'EEXIST' ? 'is there already: name another' : 'cannot be written'
    throw new Failure('option_invalid', `--trace-stanzas: ${path} ${why}.`, { cause })
  }
}
