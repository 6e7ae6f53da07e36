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
