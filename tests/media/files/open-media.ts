import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { Failure } from '../../../src-main/lib/failure.ts'
import type { Logger } from '../../../src-main/lib/logging/logger.ts'
import { Inspector } from '../../../src-main/media/inspection/inspector.ts'
import { Media, type MediaOptions, type ReadyMedia } from '../../../src-main/media/media.ts'
import type { MediaType, Upload } from '../../../src-main/media/files/media-file.ts'
import { settingSchemas, type SettingName } from '../../../src-main/storage/settings/settings-schema.ts'

export const silentLog = pino({ level: 'silent' }) as unknown as Logger

/** One for all tests of a file: its processes are started once. They end with the test's own process. */
const inspector = new Inspector()

export interface OpenMedia {
  readonly media: Media
  readonly folder: string
  upload(body: Uint8Array, fileName?: string | null, mimeType?: string | null): Promise<Upload>
  /** What a file of that content becomes, sent as an upload. */
  send(
    body: Uint8Array,
    mediaType: MediaType,
    wish?: { fileName?: string; voice?: boolean; uploadedAs?: string },
  ): Promise<ReadyMedia>
  /** Files that are still there. */
  left(): Promise<string[]>
  [Symbol.asyncDispose](): Promise<void>
}

/** The real room in a new data folder. Settings are the defaults but for `settings`, as text. */
export async function openMedia(
  settings: Partial<Record<SettingName, string>> = {},
  options: Partial<MediaOptions> = {},
): Promise<OpenMedia> {
  const folder = await mkdtemp(join(tmpdir(), 'kurir-media-'))
  const get = (name: SettingName) => settingSchemas[name].parse(settings[name])
  const store = { get } as unknown as MediaOptions['settings']
  const media = new Media({
    folder,
    settings: store,
    inspector,
    log: silentLog,
    ownPorts: () => [],
    ...options,
  })
  await media.start({ keep: [] })
  const upload: OpenMedia['upload'] = (body, fileName = null, mimeType = null) =>
    media.receiveUpload(Readable.from([body]), { fileName, mimeType })
  return {
    media,
    folder,
    upload,
    async send(body, mediaType, wish = {}) {
      const source = { upload: await upload(body, wish.uploadedAs ?? null) }
      return media.fetch({ source, mediaType, fileName: wish.fileName ?? null, voice: wish.voice ?? false })
    },
    left: () => readdir(join(folder, 'temporary')),
    async [Symbol.asyncDispose]() {
      media.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The Failure that a piece of work ends with; anything else fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('no failure came')
}
