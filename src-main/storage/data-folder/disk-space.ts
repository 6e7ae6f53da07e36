import { statfsSync } from 'node:fs'
import { Failure } from '../../lib/failure.ts'
import { Listeners } from '../../lib/listeners.ts'

const gibibyte = 1024 ** 3
/** With less free space nothing is taken in; on a disk of less than ten times that, with less than a tenth. */
const minFreeBytes = gibibyte
/** Whoever gives the program a disk that small means it to be used. */
const minTotalBytes = gibibyte
/** How long an answer of the system holds, in milliseconds. */
const maxAgeMs = 1_000
/** While there is too little, it is looked this often whether that is over. */
const recheckMs = 10_000

export interface FileSystemSpace {
  /** What this user may still write. */
  freeBytes: number
  totalBytes: number
}

export type ReadSpace = (folder: string) => FileSystemSpace | null

/** The space of the file system that a folder is on; null where that does not know. */
export function readSpace(folder: string): FileSystemSpace | null {
  try {
    const { bsize, blocks, bavail } = statfsSync(folder)
    // Some network and user-space file systems answer zeros. Where the disk is full to its last block, writing says so.
    return blocks === 0 || bavail === 0 ? null : { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return null
  }
}

/** How much room the data folder's disk has. What is accepted already may use the rest of it. */
export class DiskSpace {
  /** Whether there is too little to take anything in, whenever that changes. */
  readonly onChange = new Listeners<boolean>()
  readonly #folder: string
  readonly #read: ReadSpace
  #space: FileSystemSpace | null = null
  #readAt = -Infinity
  #wasLow = false
  #timer: NodeJS.Timeout | null = null

  constructor(folder: string, read: ReadSpace = readSpace) {
    this.#folder = folder
    this.#read = read
  }

  /** Infinity where nobody knows. */
  get freeBytes(): number {
    return this.#current()?.freeBytes ?? Infinity
  }

  /** Whether there is too little to take anything in. */
  get isLow(): boolean {
    const space = this.#current()
    return space !== null && space.freeBytes < floorOf(space)
  }

  /** @throws Failure storage_full where there is too little to take anything in */
  checkSpace(): void {
    if (this.isLow) throw new Failure('storage_full', this.lowSentence)
  }

  get lowSentence(): string {
    const space = this.#current()
    const floor = inWords(space === null ? minFreeBytes : floorOf(space))
    return `Less than ${floor} of the disk is free: no new messages are accepted. Free up disk space.`
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  #current(): FileSystemSpace | null {
    const now = performance.now()
    if (now - this.#readAt < maxAgeMs) return this.#space
    this.#readAt = now
    this.#space = this.#read(this.#folder)
    this.#note(this.#space !== null && this.#space.freeBytes < floorOf(this.#space))
    return this.#space
  }

  #note(isLow: boolean): void {
    if (isLow === this.#wasLow) return
    this.#wasLow = isLow
    this.stop()
    if (isLow) this.#timer = setInterval(() => this.#current(), recheckMs).unref()
    this.onChange.emit(isLow)
  }
}

function floorOf({ totalBytes }: FileSystemSpace): number {
  return totalBytes < minTotalBytes ? 0 : Math.min(minFreeBytes, totalBytes / 10)
}

/** Bytes as people say them. */
export function inWords(bytes: number): string {
  return bytes >= gibibyte ? `${(bytes / gibibyte).toFixed(1)} GiB` : `${Math.ceil(bytes / 1024 ** 2)} MiB`
}
