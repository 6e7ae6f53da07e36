import type { HandlersOf } from './ipc.ts'
import type { Savings } from './savings.ts'
import type { Uploads } from './uploads.ts'

export function filesCalls(
  uploads: Uploads,
  savings: Savings,
): HandlersOf<'uploads'> & HandlersOf<'savings'> {
  return {
    'uploads.begin': (file) => uploads.begin(file),
    'uploads.part': ({ uploadId, base64 }) => uploads.part(uploadId, base64),
    'uploads.finish': ({ uploadId }) => uploads.finish(uploadId),
    'uploads.cancel': ({ uploadId }) => uploads.cancel(uploadId),
    'savings.read': ({ id, offset }) => savings.read(id, offset),
    'savings.cancel': ({ id }) => savings.cancel(id),
  }
}
