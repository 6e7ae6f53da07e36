import { stat } from 'node:fs/promises'
import { Failure, systemCodeOf } from '../../lib/failure.ts'
import { measureFile } from '../check-result.ts'
import type { Upload } from './media-file.ts'

/**
 * Makes sure that an upload is what was accepted: its size, and with `wholly` its content. It is a row's word
 * that is given for the file to its recipient, and a disk may have lost what the row outlived.
 *
 * @throws Failure media_unreadable
 */
export async function assertUploadUnchanged(upload: Upload, { wholly }: { wholly: boolean }): Promise<void> {
  const found = await measure(upload.path, wholly)
  if (found.bytes === upload.bytes && (found.sha256 ?? upload.sha256) === upload.sha256) return
  throw new Failure(
    'media_unreadable',
    'The uploaded file was changed or damaged after it was accepted, so it was not sent. Send the request again.',
  )
}

async function measure(path: string, wholly: boolean): Promise<{ bytes: number; sha256?: string }> {
  try {
    return wholly ? await measureFile(path) : { bytes: (await stat(path)).size }
  } catch (error) {
    const state = systemCodeOf(error) === 'ENOENT' ? 'is no longer there' : 'cannot be read any more'
    throw new Failure('media_unreadable', `The uploaded file ${state}: send the request again.`, {
      cause: error,
    })
  }
}
