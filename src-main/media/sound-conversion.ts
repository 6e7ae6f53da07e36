import { Failure } from '../failure.ts'
import type { Format } from './formats.ts'

export interface SoundJob {
  from: string
  to: string
  format: Format
  shape: 'voice' | 'music'
}
export interface SoundResult {
  seconds: number
  waveform: Uint8Array
}
export async function convertSound(_job: SoundJob, _signal: AbortSignal): Promise<SoundResult> {
  throw new Failure('media_unreadable', 'Sounds are not converted yet.')
}
