import type { FailureView } from './messages.ts'

/** Bytes of one part of an upload or a saved file; base64 makes 4/3 of it. */
export type PartSize = 393_216

/**
 * A file that the program writes for the operator: an export, a backup, diagnostics.
 * `path` is where the operator had it put (desktop); null means that it waits to be read in parts by
 * `savings.read` and is forgotten after that (headless).
 */
export interface Download {
  id: string
  kind: 'export' | 'backup' | 'diagnostics'
  fileName: string
  state: 'running' | 'done' | 'cancelled' | 'failed'
  /** Rows or bytes so far and in all; null while that is not known. */
  done: number
  total: number | null
  path: string | null
  failure: FailureView | null
}

export interface FilesCalls {
  'uploads.begin': {
    request: { fileName: string; mimeType: string; bytes: number }
    answer: { uploadId: string }
  }
  /** In order; `base64` holds at most `PartSize` bytes. */
  'uploads.part': { request: { uploadId: string; base64: string }; answer: null }
  'uploads.finish': { request: { uploadId: string }; answer: null }
  'uploads.cancel': { request: { uploadId: string }; answer: null }

  'savings.read': { request: { id: string; offset: number }; answer: { base64: string; last: boolean } }
  'savings.cancel': { request: { id: string }; answer: null }
}
