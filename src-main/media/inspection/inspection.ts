import type { FailureCode } from '../../lib/failure-codes.ts'
import { Failure, isDiskFull } from '../../lib/failure.ts'
import { asDocument, document, type CheckResult } from '../check-result.ts'
import type { Sniffed } from '../content/formats.ts'
import { probeImage } from '../pictures/probe-image.ts'
import { treatmentOf, type Treatment } from '../kinds.ts'
import type { MediaType } from '../files/media-file.ts'
import { refusePage, type NamedAs } from '../fetch/page-check.ts'
import { sniff } from '../content/sniff.ts'
import { probeAudio } from '../audio/probe-audio.ts'
import { probeVideo } from '../pictures/probe-video.ts'

/** One file to inspect. Plain data: it crosses a process boundary. */
export interface InspectionJob {
  /** Absolute path of the file. */
  readonly path: string
  /** Where a converted picture goes; does not exist yet. */
  readonly convertedPath: string
  readonly mediaType: MediaType
  readonly voice: boolean
  /** What the request and the server said of the file. */
  readonly url: string | null
  /** The addresses that led to `url`, itself the last. */
  readonly hops: readonly string[]
  readonly contentType: string | null
  readonly named: NamedAs
}

/** What the content is, and what was found in it; `result` is null where a sound has to be converted first. */
export interface Inspection {
  readonly content: Sniffed
  readonly treatment: Treatment | 'to_voice'
  readonly result: CheckResult | null
}

export type InspectionAnswer =
  | { ok: true; inspection: Inspection }
  | { ok: false; code: FailureCode; message: string; errors: Readonly<Record<string, string>> | null }

/** Inspects a file; every error of a parser becomes an answer. To be run in a process that can be killed. */
export async function answerInspection(job: InspectionJob): Promise<InspectionAnswer> {
  try {
    return { ok: true, inspection: await inspect(job) }
  } catch (error) {
    if (error instanceof Failure) {
      return { ok: false, code: error.code, message: error.message, errors: error.errors ?? null }
    }
    if (isDiskFull(error)) {
      return { ok: false, code: 'storage_full', message: 'The disk is full.', errors: null }
    }
    const message = 'The file is damaged: its content could not be read.'
    return { ok: false, code: 'media_unreadable', message, errors: null }
  }
}

async function inspect(job: InspectionJob): Promise<Inspection> {
  const { path, mediaType, voice } = job
  const content = await sniff(path)
  refusePage(content, {
    ...job,
    url: job.url === null ? null : new URL(job.url),
    hops: job.hops.map((hop) => new URL(hop)),
  })
  if (mediaType !== 'document') refuseDamaged(content)
  const treatment = treatmentOf(mediaType, voice, content, job.named.extension)
  if (treatment === 'to_voice' || treatment === 'to_opus') return { content, treatment, result: null }
  return { content, treatment, result: await find(job, content, treatment) }
}

function find(job: InspectionJob, content: Sniffed, treatment: Treatment): Promise<CheckResult> {
  const work = { path: job.path, convertedPath: job.convertedPath, treatment }
  if (job.mediaType === 'image') return probeImage(content, work)
  if (job.mediaType === 'video') return probeVideo(content, work)
  if (job.mediaType === 'audio') return probeAudio(content, work)
  return Promise.resolve('damaged' in content ? asDocument(damagedNote) : document)
}

const damagedNote = 'The file looks damaged or cut short: it was sent as it is.'

function refuseDamaged(content: Sniffed): void {
  if (!('damaged' in content)) return
  throw new Failure('media_unreadable', `The file is ${content.name} that is damaged or cut short.`)
}
