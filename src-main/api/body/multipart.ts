import { Readable } from 'node:stream'
import { Failure } from '../../lib/failure.ts'
import type { Upload } from '../../media/files/media-file.ts'
import { maxBodyBytes, maxFields, tooLarge, tooManyFields } from './body-limits.ts'
import { decodeText } from '../../lib/text-encoding/charset.ts'
import { readableCharset } from './content-type.ts'
import { BodyEndedInPart, PartReader, type PullChunk } from './part-reader.ts'
import type { PartHeaders } from './part-headers.ts'
import { transferDecoder } from '../../lib/text-encoding/transfer-encoding.ts'

/** Takes in the file of a request while it arrives. */
export interface FileReceiver {
  take(stream: Readable, part: UploadedPart): Promise<Upload>
  /** Throws away what was taken in, when the rest of the request turns out bad. */
  discard(upload: Upload): Promise<void>
}

export interface UploadedPart {
  readonly fileName: string | null
  readonly mimeType: string | null
}

export interface Multipart {
  fields: [name: string, value: string][]
  upload: Upload | null
}

export interface MultipartOptions {
  /** As the Content-Type names it. */
  readonly boundary: string | null
  /** What texts are in that do not say it themselves, where the Content-Type names it. */
  readonly charset: string | null
  /** null where the call takes no file. */
  readonly receiver: FileReceiver | null
  /** Told each field as it comes, before anything behind it is read. */
  onField(name: string, value: string): void
  /** Asked when a file begins: false keeps it in memory until everything was read. */
  mayReceive(): boolean
}

/**
 * Reads multipart/form-data: fields of 1 MiB together, and the file of the field `file`, streamed. Nothing of it is
 * skipped: what is not read is refused.
 *
 * @throws Failure body_unreadable, body_too_large, parameter_invalid, and those of the receiver
 */
export async function readMultipart(pull: PullChunk, options: MultipartOptions): Promise<Multipart> {
  const reader = new PartReader(pull, options.boundary)
  const fields: [string, string][] = []
  const files = new Files(options)
  let bytes = 0
  let charset = options.charset
  try {
    for (let part = await reader.next(); part !== null; part = await reader.next()) {
      if (part.fileName !== null && part.fileName.trim() !== '') {
        await files.take(part, decoded(reader, part))
        continue
      }
      const value = await textOf(reader, part, (length) => {
        bytes += length
        if (bytes > maxBodyBytes) throw tooLarge()
      })
      // A browser's form sends an input that nobody filled as a nameless file of no bytes.
      if (part.fileName !== null && value.length === 0) continue
      if (part.fileName !== null) throw fileNameMissing(part.name)
      if (part.name.trim() === '' && value.length > 0) throw nameMissing()
      const text = decodeText(value, readableCharset(part.charset ?? charset))
      // A form may say once what all its fields are in (RFC 7578, 4.6).
      if (part.name === '_charset_') charset = readableCharset(text.trim())
      else fields.push([part.name, text])
      if (fields.length > maxFields) throw tooManyFields()
      options.onField(part.name, text)
    }
    return { fields, upload: await files.upload() }
  } catch (error) {
    await files.discard()
    throw error
  }
}

/** The one file that a call may have. */
class Files {
  readonly #options: MultipartOptions
  #kept: { part: PartHeaders; content: Buffer[] } | null = null
  #upload: Upload | null = null

  constructor(options: MultipartOptions) {
    this.#options = options
  }

  async take(part: PartHeaders, content: AsyncIterable<Buffer>): Promise<void> {
    const { receiver } = this.#options
    if (receiver === null) throw fileNotTaken(part.name)
    if (part.name.trim().toLowerCase() !== 'file') throw fileInOtherField(part.name)
    if (this.#upload !== null || this.#kept !== null) throw secondFile()
    if (this.#options.mayReceive()) {
      this.#upload = await receive(receiver, part, content)
      return
    }
    this.#kept = { part, content: [] }
    for await (const piece of content) this.#kept.content.push(piece)
  }

  /** Null where none came. What was kept in memory is taken in now that everything else was read. */
  async upload(): Promise<Upload | null> {
    const { receiver } = this.#options
    if (this.#kept !== null && receiver !== null && this.#options.mayReceive()) {
      const { part, content } = this.#kept
      this.#kept = null
      this.#upload = await receive(receiver, part, Readable.from(content))
    }
    return this.#upload
  }

  async discard(): Promise<void> {
    const upload = this.#upload
    this.#upload = null
    if (upload !== null) await this.#options.receiver?.discard(upload)
  }
}

/** The receiver's own failure counts, but where the body itself could not be read: that is what the caller can mend. */
async function receive(
  receiver: FileReceiver,
  { fileName, mimeType }: PartHeaders,
  content: AsyncIterable<Buffer>,
): Promise<Upload> {
  let unreadable: unknown
  const stream = Readable.from(
    noting(content, (error) => (unreadable = error)),
    { objectMode: false },
  )
  // Whoever reads it hears of its errors, too; nobody may be reading any more.
  stream.on('error', () => undefined)
  try {
    return await receiver.take(stream, { fileName, mimeType })
  } catch (error) {
    throw unreadable ?? error
  } finally {
    stream.destroy()
  }
}

async function* noting(
  content: AsyncIterable<Buffer>,
  note: (error: unknown) => void,
): AsyncGenerator<Buffer, void> {
  try {
    yield* content
  } catch (error) {
    note(error)
    throw error
  }
}

async function textOf(
  reader: PartReader,
  part: PartHeaders,
  count: (bytes: number) => void,
): Promise<Buffer> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of decoded(reader, part)) {
      count(piece.length)
      pieces.push(piece)
    }
  } catch (error) {
    // The last boundary may be missing behind a text: all of it has come.
    if (!(error instanceof BodyEndedInPart)) throw error
  }
  return Buffer.concat(pieces)
}

async function* decoded(reader: PartReader, part: PartHeaders): AsyncGenerator<Buffer, void> {
  const decoder = transferDecoder(part.transferEncoding)
  try {
    for await (const piece of reader.body()) yield decoder?.next(piece) ?? piece
  } catch (error) {
    if (error instanceof BodyEndedInPart && decoder !== null) yield decoder.last()
    throw error
  }
  if (decoder !== null) yield decoder.last()
}

function nameMissing(): Failure {
  return new Failure('body_unreadable', 'A part of the multipart body has no name.')
}

function fileNameMissing(field: string): Failure {
  return new Failure(
    'parameter_invalid',
    'The file came without a name. Send it with a file name, in the field "file".',
    { errors: { [field]: 'must be sent with a file name' } },
  )
}

function fileNotTaken(field: string): Failure {
  return new Failure('parameter_invalid', 'This call takes no file. Send files by /send-media.', {
    errors: { [field]: 'is a file, which this call does not take' },
  })
}

function fileInOtherField(field: string): Failure {
  return new Failure(
    'parameter_invalid',
    `The file stands in the field "${field.slice(0, 40)}". Send it in the field "file".`,
    { errors: { [field]: 'is a file; only the field file may be one' } },
  )
}

function secondFile(): Failure {
  return new Failure('parameter_invalid', 'There are two files in this call. Send one file a call.', {
    errors: { file: 'came twice' },
  })
}
