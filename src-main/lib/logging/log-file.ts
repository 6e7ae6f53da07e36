import { closeSync, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs'

/** Above this the file is set aside and a new one begun: bytes. */
const maxLogBytes = 8 * 1024 * 1024
/** What is kept of lines that the disk does not take: bytes. */
const maxHeldBytes = 256 * 1024
/** How often it is looked whether the file is still the one of that name: milliseconds. */
const usualCheckMs = 60_000
const nothing = Buffer.alloc(0)

/**
 * The file that the log's lines go to, each at once. When it has grown large it becomes the one older file
 * beside it, `….1`, also while the program runs.
 *
 * Where somebody removes or renames the file, as programs that rotate logs do, a new one is begun within a minute.
 *
 * Never throws: a full disk is what the database reports, and the log must not end the program over it. Lines
 * that the disk does not take are held, up to a bound, and written with the first line that it takes again.
 */
export class LogFile {
  readonly #path: string
  #descriptor: number | null = null
  /** Bytes until the file is set aside. */
  #room = 0
  /** Not written yet; begins in the middle of a line where the disk filled within it. */
  #held: Buffer = nothing
  #lost = 0
  #closed = false
  readonly #checking: NodeJS.Timeout

  constructor(path: string, checkMs = usualCheckMs) {
    this.#path = path
    this.#checking = setInterval(() => this.#openAnewIfTaken(), checkMs).unref()
  }

  write(line: string): void {
    // By then the folder may be another program's.
    if (this.#closed) return
    this.#hold(line)
    this.#tryWriting()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#checking)
    if (this.#held.length > 0) this.#tryWriting()
    this.#release()
  }

  /** The first lines are those that tell what happened: what comes after them is counted only. */
  #hold(line: string): void {
    const bytes = Buffer.from(line)
    const fits =
      this.#held.length === 0 || (this.#lost === 0 && this.#held.length + bytes.length <= maxHeldBytes)
    if (fits) this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    else this.#lost++
  }

  #tryWriting(): void {
    try {
      this.#writeHeld()
      if (this.#lost === 0) return
      this.#held = Buffer.from(missing(this.#lost))
      this.#lost = 0
      this.#writeHeld()
    } catch {
      // Opened anew for the next line: the disk may have been away.
      this.#release()
    }
  }

  #writeHeld(): void {
    let descriptor = this.#descriptor ?? this.#open()
    if (this.#room <= 0) descriptor = this.#beginAnew(descriptor)
    while (this.#held.length > 0) {
      const written = writeSync(descriptor, this.#held)
      this.#room -= written
      this.#held = this.#held.subarray(written)
    }
  }

  #openAnewIfTaken(): void {
    if (this.#descriptor === null) return
    try {
      const named = statSync(this.#path, { bigint: true, throwIfNoEntry: false })
      const open = fstatSync(this.#descriptor, { bigint: true })
      if (named?.ino === open.ino && named.dev === open.dev) return
      this.#release()
      this.#open()
    } catch {
      // The disk may be away: the next line tries to open it again.
      this.#release()
    }
  }

  #open(): number {
    const descriptor = openSync(this.#path, 'a', 0o600)
    this.#descriptor = descriptor
    this.#room = maxLogBytes - fstatSync(descriptor).size
    return descriptor
  }

  /** Closed before it is renamed: Windows renames no open file. */
  #beginAnew(descriptor: number): number {
    this.#descriptor = null
    closeSync(descriptor)
    try {
      renameSync(this.#path, `${this.#path}.1`)
      return this.#open()
    } catch {
      // Another program may hold one of the two for a while: tried again when as much again is written.
      const same = this.#open()
      this.#room = maxLogBytes
      return same
    }
  }

  #release(): void {
    const descriptor = this.#descriptor
    this.#descriptor = null
    if (descriptor === null) return
    try {
      closeSync(descriptor)
    } catch {
      // Some disks tell only now that a write failed; there is nothing left to do about it.
    }
  }
}

/** Tells readers of the log, in its own form, that there is a gap. */
function missing(lines: number): string {
  const time = new Date().toISOString()
  return `${JSON.stringify({ level: 40, time, lines, msg: 'lines are missing here: the disk took none' })}\n`
}
