import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { renameOver } from '../../lib/rename-over.ts'

/** Encrypted files that were uploaded, by their SHA-256 in hex; the oldest go when there are too many bytes. */
export interface Blobs {
  /** Takes a file in; answers its hash and length. */
  save(content: Readable): Promise<{ sha256: string; bytes: number }>
  /** Bytes from `start` to `end`, both included; null where there is no such file. */
  read(sha256: string, range?: { start: number; end: number }): Readable | null
  sizeOf(sha256: string): number | null
}

/** In a folder of their own, or in memory where `folder` is null; up to `limit` bytes in all. */
export function openBlobs(folder: string | null, limit: number): Blobs {
  return folder === null ? new BlobsInMemory(limit) : new BlobsInFolder(folder, limit)
}

/** Which are kept: lengths by name, the oldest first. */
class BlobIndex {
  readonly #sizes = new Map<string, number>()
  readonly #limit: number
  #total = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  sizeOf(name: string): number | null {
    return this.#sizes.get(name) ?? null
  }

  /** Notes a file; answers the names of those that have to go for it. */
  add(name: string, bytes: number): string[] {
    this.#remove(name)
    this.#sizes.set(name, bytes)
    this.#total += bytes
    const gone: string[] = []
    for (const oldest of this.#sizes.keys()) {
      if (this.#total <= this.#limit || oldest === name) break
      this.#remove(oldest)
      gone.push(oldest)
    }
    return gone
  }

  #remove(name: string): void {
    this.#total -= this.#sizes.get(name) ?? 0
    this.#sizes.delete(name)
  }
}

class BlobsInMemory implements Blobs {
  readonly #ledger: BlobIndex
  readonly #contents = new Map<string, Buffer>()

  constructor(limit: number) {
    this.#ledger = new BlobIndex(limit)
  }

  async save(content: Readable): Promise<{ sha256: string; bytes: number }> {
    const chunks: Buffer[] = []
    for await (const chunk of content) chunks.push(chunk as Buffer)
    const whole = Buffer.concat(chunks)
    const sha256 = createHash('sha256').update(whole).digest('hex')
    this.#contents.set(sha256, whole)
    for (const gone of this.#ledger.add(sha256, whole.length)) this.#contents.delete(gone)
    return { sha256, bytes: whole.length }
  }

  read(sha256: string, range?: { start: number; end: number }): Readable | null {
    const whole = this.#contents.get(sha256)
    if (whole === undefined) return null
    const part = range === undefined ? whole : whole.subarray(range.start, range.end + 1)
    return Readable.from([part], { objectMode: false })
  }

  sizeOf(sha256: string): number | null {
    return this.#ledger.sizeOf(sha256)
  }
}

class BlobsInFolder implements Blobs {
  readonly #folder: string
  readonly #ledger: BlobIndex

  constructor(folder: string, limit: number) {
    this.#folder = folder
    this.#ledger = new BlobIndex(limit)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const kept = readdirSync(folder).map((name) => ({ name, stat: statSync(join(folder, name)) }))
    kept.sort((one, other) => one.stat.mtimeMs - other.stat.mtimeMs)
    for (const { name, stat } of kept) {
      if (/^[0-9a-f]{64}$/.test(name)) this.#drop(this.#ledger.add(name, stat.size))
      else rmSync(join(folder, name), { force: true })
    }
  }

  async save(content: Readable): Promise<{ sha256: string; bytes: number }> {
    const temporary = join(this.#folder, `arriving-${randomUUID()}`)
    const hash = createHash('sha256')
    let bytes = 0
    const tap = new PassThrough()
    tap.on('data', (chunk: Buffer) => {
      hash.update(chunk)
      bytes += chunk.length
    })
    try {
      await pipeline(content, tap, createWriteStream(temporary, { mode: 0o600 }))
      const sha256 = hash.digest('hex')
      await renameOver(temporary, join(this.#folder, sha256))
      this.#drop(this.#ledger.add(sha256, bytes))
      return { sha256, bytes }
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  read(sha256: string, range?: { start: number; end: number }): Readable | null {
    if (this.#ledger.sizeOf(sha256) === null) return null
    return createReadStream(join(this.#folder, sha256), range)
  }

  sizeOf(sha256: string): number | null {
    return this.#ledger.sizeOf(sha256)
  }

  #drop(names: string[]): void {
    for (const name of names) rmSync(join(this.#folder, name), { force: true })
  }
}
