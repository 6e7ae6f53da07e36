import type { HandlersOf } from '../ipc.ts'
import type { Downloads } from '../files/downloads.ts'
import type { Uploads } from '../files/uploads.ts'

export function filesCalls(
  uploads: Uploads,
  downloads: Downloads,
): HandlersOf<'uploads'> & HandlersOf<'savings'> {
  return {
    'uploads.begin': (file) => uploads.begin(file),
    'uploads.part': ({ uploadId, base64 }) => uploads.part(uploadId, base64),
    'uploads.finish': ({ uploadId }) => uploads.finish(uploadId),
    'uploads.cancel': ({ uploadId }) => uploads.cancel(uploadId),
    'savings.read': ({ id, offset }) => downloads.read(id, offset),
    'savings.cancel': ({ id }) => downloads.cancel(id),
  }
}
