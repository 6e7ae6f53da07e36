import type { PartSize } from '../../src-preload/contract.ts'
import { base64Of } from './base64.ts'
import { call } from './call.ts'

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
  for (let at = 0; at < file.size; at += partSize) {
    if (signal?.aborted === true) {
      await call('uploads.cancel', { uploadId })
      signal.throwIfAborted()
    }
    const part = new Uint8Array(await file.slice(at, at + partSize).arrayBuffer())
    await call('uploads.part', { uploadId, base64: base64Of(part) })
    onProgress?.(Math.min(at + partSize, file.size))
  }
  await call('uploads.finish', { uploadId })
  return uploadId
}
