import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Treatment } from './kinds.ts'
import type { MediaKind } from './files/media-file.ts'

/** A file that is about to be looked into, with what is to become of it. */
export interface CheckContext {
  readonly path: string
  readonly treatment: Treatment
  /** Where a conversion's result goes; does not exist yet. */
  readonly convertedPath: string
}

/** What looking into a file found out, and what was made of it. */
export interface CheckResult {
  readonly kind: MediaKind
  /** Another file than the one that came, where it was converted; its format then. */
  readonly converted: { path: string; format: 'jpeg' | 'opus' | 'amr' | 'm4a' } | null
  readonly width: number | null
  readonly height: number | null
  readonly seconds: number | null
  readonly waveform: Uint8Array | null
  readonly thumbnail: Uint8Array | null
  readonly notes: readonly string[]
}

export const document: CheckResult = {
  kind: 'document',
  converted: null,
  width: null,
  height: null,
  seconds: null,
  waveform: null,
  thumbnail: null,
  notes: [],
}

export const asDocument = (note: string): CheckResult => ({ ...document, notes: [note] })

/** Makes an empty file that only its owner can read, for a library that writes by path. */
export async function createPrivateFile(path: string): Promise<void> {
  await using _file = await open(path, 'wx', 0o600)
}

export async function measureFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  // One buffer for all of it: a stream's own would grow the process by half of a large file.
  const piece = Buffer.allocUnsafe(256 * 1024)
  await using file = await open(path)
  for (let bytes = 0; ;) {
    const { bytesRead } = await file.read(piece, 0, piece.length)
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
    hash.update(piece.subarray(0, bytesRead))
    bytes += bytesRead
  }
}
