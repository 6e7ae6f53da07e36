/** What a recipient's phone is to show it as. */
export type MediaKind = 'image' | 'video' | 'audio' | 'voice' | 'document'

/** A checked file in the data folder's temporary place, ready to be uploaded; `release` removes it. */
export interface MediaFile {
  readonly kind: MediaKind
  /** Absolute path of Kurir's own temporary file (0600), never a caller's. */
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the content, hex. */
  readonly sha256: string
  readonly mimeType: string
  readonly fileName: string
  /** Pixels; images and videos. */
  readonly width: number | null
  readonly height: number | null
  /** Duration, rounded; audio, voice and video. */
  readonly seconds: number | null
  /** 64 bytes from 0 to 100; voice notes. */
  readonly waveform: Uint8Array | null
  /** JPEG; images, videos, and documents that have one. */
  readonly thumbnail: Uint8Array | null
  /** What was changed on the way ("converted from WebP", "sent as a document: …"), for the answer and the log. */
  readonly notes: readonly string[]
}

/**
 * A file that a caller uploaded with its request, whole on the disk and not yet checked. Plain data, so that a
 * row of the outbox can hold it over a restart.
 */
export interface Upload {
  /** Absolute path of Kurir's own temporary file (0600). */
  readonly path: string
  readonly bytes: number
  /** SHA-256 of the content, hex. */
  readonly sha256: string
  /** What the caller's multipart part said; never trusted, only used to name the file. */
  readonly fileName: string | null
  readonly mimeType: string | null
}

/** Where a file comes from: a direct link, or what `receiveUpload` took in. */
export type MediaSource = { url: string } | { upload: Upload }

/** What a caller may say that a file is: the API's `media_type`. */
export const mediaTypes = [
  'image',
  'video',
  'audio',
  'pdf',
  'xls',
  'xlsx',
  'doc',
  'docx',
  'zip',
  'document',
] as const
export type MediaType = (typeof mediaTypes)[number]

/** Bytes fetched so far; `total` is null where the server did not say. */
export interface FetchProgress {
  readonly bytes: number
  readonly total: number | null
}
