import { Failure } from '../lib/failure.ts'
import { isTextFormat, type Format, type Sniffed } from './content/formats.ts'
import { officeKinds } from './content/office/office-kinds.ts'
import {
  isOfficeTextExtension,
  typeOfOleExtension,
  typeOfTextExtension,
  typeOfZipExtension,
} from './content/text-types.ts'
import { extensionOf } from './files/file-name.ts'
import type { MediaType } from './files/media-file.ts'
import type { SizeLimit } from './fetch/receive-body.ts'

/**
 * What becomes of a format that a media_type takes in: sent as it is; made into what WhatsApp shows or plays; or
 * sent as a document, because WhatsApp shows it no other way.
 */
export type Treatment = 'as_is' | 'to_jpeg' | 'to_opus' | 'to_amr' | 'as_document'

interface Rules {
  readonly name: string
  readonly limit: SizeLimit['setting']
  /** Formats that the type takes in; all others are refused. `any`: everything but pages in a file's place. */
  readonly takes: Readonly<Partial<Record<Format, Treatment>>> | 'any'
}

const documents = 'media.maxDocumentMiB'

/** One row a media_type: all that the checks, the answers and the names go by. */
const kinds: Readonly<Record<MediaType, Rules>> = {
  image: {
    name: 'an image',
    limit: 'media.maxImageMiB',
    takes: {
      jpeg: 'as_is',
      png: 'as_is',
      webp: 'to_jpeg',
      gif: 'to_jpeg',
      tiff: 'to_jpeg',
      avif: 'to_jpeg',
      heic: 'as_document',
      bmp: 'as_document',
      svg: 'as_document',
    },
  },
  video: {
    name: 'a video',
    limit: 'media.maxVideoMiB',
    takes: {
      mp4: 'as_is',
      threeGp: 'as_is',
      mov: 'as_document',
      webm: 'as_document',
      mkv: 'as_document',
      avi: 'as_document',
    },
  },
  audio: {
    name: 'a sound',
    limit: 'media.maxAudioMiB',
    takes: {
      mp3: 'as_is',
      m4a: 'as_is',
      aac: 'as_is',
      amr: 'as_is',
      opus: 'as_is',
      vorbis: 'to_opus',
      wav: 'to_opus',
      flac: 'to_opus',
      oggFlac: 'to_opus',
      alac: 'to_opus',
      aiff: 'to_opus',
      caf: 'to_opus',
      webmOpus: 'to_opus',
      mp4Opus: 'to_opus',
      cafOpus: 'to_opus',
      threeGpAmr: 'to_amr',
      webmSound: 'as_document',
      mp4Sound: 'as_document',
    },
  },
  pdf: { name: 'a PDF', limit: documents, takes: { pdf: 'as_is' } },
  xls: { name: 'an xls file', limit: documents, takes: { xls: 'as_is' } },
  xlsx: { name: 'an xlsx file', limit: documents, takes: { xlsx: 'as_is', encryptedOffice: 'as_is' } },
  doc: { name: 'a doc file', limit: documents, takes: { doc: 'as_is', rtf: 'as_is' } },
  docx: { name: 'a docx file', limit: documents, takes: { docx: 'as_is', encryptedOffice: 'as_is' } },
  zip: { name: 'a zip archive', limit: documents, takes: { zip: 'as_is' } },
  document: { name: 'a document', limit: documents, takes: 'any' },
}

/** What voice notes are made of: everything that the decoders read. */
const voiceFormats = new Set<Format>([
  'mp3',
  'm4a',
  'aac',
  'wav',
  'opus',
  'vorbis',
  'flac',
  'oggFlac',
  'alac',
  'aiff',
  'caf',
  'webmOpus',
  'mp4Opus',
  'cafOpus',
])

export const limitSetting = (mediaType: MediaType): SizeLimit['setting'] => kinds[mediaType].limit

/**
 * What is to become of such content when a caller calls it `mediaType`.
 *
 * @param extension of the name that the file was given, in lower case
 * @throws Failure media_mismatch, saying what the content is and which media_type takes it
 */
export function treatmentOf(
  mediaType: MediaType,
  voice: boolean,
  content: Sniffed,
  extension: string,
): Treatment | 'to_voice' {
  const { takes } = kinds[mediaType]
  if (takes === 'any' || isOfficeText(mediaType, content, extension)) return 'as_is'
  if (content.format !== 'other' && content.format !== 'unknown') {
    if (mediaType === 'audio' && voice && voiceFormats.has(content.format)) return 'to_voice'
    const treatment = takes[content.format]
    if (treatment && !(mediaType === 'audio' && voice)) return treatment
  }
  if (mediaType === 'audio' && voice) throw mismatch('a sound that can be made a voice note', content, null)
  throw mismatch(kinds[mediaType].name, content, betterType(content))
}

/** HTML, XML, tables and rich texts under the extensions of Excel and Word, which open them. JSON they do not open. */
function isOfficeText(mediaType: MediaType, content: Sniffed, extension: string): boolean {
  if (mediaType !== 'xls' && mediaType !== 'doc') return false
  return isTextFormat(content) && content.format !== 'json' && isOfficeTextExtension(mediaType, extension)
}

function mismatch(wanted: string, content: Sniffed, better: MediaType | null): Failure {
  const is = content.format === 'unknown' ? `its content is ${content.name}` : `it is ${content.name}`
  const advice =
    better === null
      ? 'Convert it, or send it with media_type=document.'
      : `Send it with media_type=${better}.`
  return new Failure('media_mismatch', `The file is not ${wanted}: ${is}. ${advice}`, {
    errors: { media_type: `does not fit the file: ${is}` },
  })
}

/** The type that takes such content as it is, where one does. */
function betterType(content: Sniffed): MediaType | null {
  const types = Object.keys(kinds) as MediaType[]
  return (
    types.find((type) => {
      const { takes } = kinds[type]
      return takes !== 'any' && content.format !== 'other' && content.format !== 'unknown'
        ? takes[content.format] === 'as_is'
        : false
    }) ?? null
  )
}

/**
 * The type under which WhatsApp files it. Where the content is a text, a container or nothing that is known, the name
 * that the file has in the end says more.
 *
 * @param said a server's or a program's word
 */
export function mimeTypeFor(content: Sniffed, fileName: string, said: string | null): string {
  const extension = extensionOf(fileName)
  if (content.format === 'encryptedOffice') return officeKinds[extension]?.mimeType ?? content.mimeType
  if (content.format === 'zip') {
    // Of a package that was cut short, its name alone tells the kind.
    const byName = 'damaged' in content ? officeKinds[extension]?.mimeType : typeOfZipExtension(extension)
    return byName ?? content.mimeType
  }
  const byName = content.format === 'ole' ? typeOfOleExtension(extension) : typeOfTextExtension(extension)
  const namesItself = isTextFormat(content) || content.format === 'ole' || content.format === 'unknown'
  return (
    (namesItself ? byName : null) ?? content.mimeType ?? plainMimeType(said) ?? 'application/octet-stream'
  )
}

/** A server's or caller's word for content that nothing is known of: only its two parts, and no page. */
function plainMimeType(said: string | null): string | null {
  const type = /^\s*([a-z0-9.+-]+\/[a-z0-9.+-]+)/i.exec(said ?? '')?.[1]?.toLowerCase() ?? null
  return type === 'text/html' ? null : type
}
