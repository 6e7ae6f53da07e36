import type { PartSize } from '../../src-preload/contract.ts'
import { base64Of } from './base64.ts'
import { call } from './ipc-call.ts'
import { WindowFailure } from './window-failure.ts'

const partSize: PartSize = 393_216

/** Hands a chosen file to the program in parts; answers its upload's id. `signal` takes it back. */
export async function upload(
  file: File,
  { onProgress, signal }: { onProgress?: (done: number) => void; signal?: AbortSignal } = {},
): Promise<string> {
  const { uploadId } = await call('uploads.begin', {
    fileName: file.name,
    mimeType: file.type || 'application/octet-stream',
    bytes: file.size,
  })
  try {
    for (let at = 0; at < file.size; at += partSize) {
      signal?.throwIfAborted()
      const part = await partOf(file, at)
      await call('uploads.part', { uploadId, base64: base64Of(part) })
      onProgress?.(Math.min(at + partSize, file.size))
    }
    signal?.throwIfAborted()
    await call('uploads.finish', { uploadId })
    return uploadId
  } catch (error) {
    // Taken back, or the file cannot be read any more; where the program refused it, it is gone already.
    await call('uploads.cancel', { uploadId }).catch(() => undefined)
    throw error
  }
}

/** It may not be any more what was chosen: a program has written it anew, or it was moved or removed. */
async function partOf(file: File, at: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(at, at + partSize).arrayBuffer())
  } catch (error) {
    throw new WindowFailure('fileChanged', { cause: error })
  }
}
