import busboy from 'busboy'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Failure } from '../failure.ts'
import type { Upload } from '../media/media-file.ts'
import { cutOff, largestBody, tooLarge } from './body-limits.ts'
import { decodeByteString } from './decoding.ts'

/** Takes in the file of a request while it arrives. */
export interface FileReceiver {
  /** It is told the fields before the file, so that a stranger's file need not be taken in at all. */
  take(
    stream: Readable,
    part: UploadedPart,
    fieldsSoFar: readonly (readonly [string, string])[],
  ): Promise<Upload>
  /** Throws away what was taken in, when the rest of the request turns out bad. */
  discard(upload: Upload): Promise<void>
}

export interface UploadedPart {
  readonly fileName: string | null
  readonly mimeType: string | null
}

export interface Multipart {
  fields: [string, string][]
  upload: Upload | null
}

/**
 * Reads multipart/form-data: fields of 1 MiB together, and the first file of the field `file`, streamed.
 * @throws Failure body_unreadable, body_too_large, and those of `receive`
 */
export async function readMultipart(
  request: IncomingMessage,
  receive: FileReceiver | null,
): Promise<Multipart> {
  const fields: [string, string][] = []
  const done = Promise.withResolvers<undefined>()
  const file: { upload: Promise<Upload> | null } = { upload: null }
  let strayBytes = 0
  const count = (bytes: number) => {
    strayBytes += bytes
    if (strayBytes > largestBody) done.reject(tooLarge())
  }

  const parser = openParser(request)
  parser.on('field', (name, value) => {
    count(name.length + value.length)
    if (strayBytes <= largestBody) fields.push([decodeByteString(name), decodeByteString(value)])
  })
  parser.on('file', (name, stream, info) => {
    // What ends the parser ends the file that it is in, too, and an error that nobody hears ends the program.
    stream.on('error', () => undefined)
    const fileName: string | undefined = info.filename
    if (name !== 'file' || receive === null || file.upload !== null || !isNamed(fileName)) {
      stream.on('data', (chunk: Buffer) => count(chunk.length))
      return
    }
    const part = { fileName: decodeByteString(fileName), mimeType: info.mimeType }
    file.upload = receive.take(stream, part, fields)
    file.upload.catch((thrown: unknown) => {
      stream.resume()
      done.reject(thrown)
    })
  })
  parser.once('error', () => done.reject(unreadable()))
  parser.once('close', () => done.resolve(undefined))
  request.once('error', () => {
    parser.destroy(cutOff())
  })
  request.pipe(parser)

  try {
    await done.promise
    return { fields, upload: await file.upload }
  } catch (thrown) {
    // A file that it was in would else wait for ever for the rest of it.
    parser.destroy()
    file.upload
      ?.then((upload) => receive?.discard(upload))
      .catch(() => {
        // It was not taken in: then there is nothing to throw away.
      })
    throw thrown
  } finally {
    request.unpipe(parser)
    request.resume()
  }
}

function openParser(request: IncomingMessage): busboy.Busboy {
  try {
    const limits = { fieldSize: largestBody, fields: 200, files: 4, parts: 204 }
    // Bytes come as they are, so that those of an old Windows program can be told from UTF-8.
    return busboy({ headers: request.headers, limits, defCharset: 'latin1', defParamCharset: 'latin1' })
  } catch {
    // No boundary, or headers that busboy cannot make sense of.
    throw unreadable()
  }
}

// A browser's form sends an input that nobody filled as a nameless file of no bytes.
function isNamed(fileName: string | undefined): fileName is string {
  return fileName !== undefined && fileName !== ''
}

function unreadable(): Failure {
  return new Failure('body_unreadable', 'The multipart body is incomplete or malformed. Check its boundary.')
}
