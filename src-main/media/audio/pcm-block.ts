import { Failure } from '../../lib/failure.ts'

/** A piece of decoded sound: one array of samples from -1 to 1 a channel. */
export interface Block {
  readonly sampleRate: number
  readonly channels: readonly Float32Array[]
}

export function unreadable(why: string, cause?: unknown): Failure {
  const sentence = `The sound cannot be decoded: ${why}. Send it as MP3, or with media_type=document.`
  return new Failure('media_unreadable', sentence, { cause })
}
