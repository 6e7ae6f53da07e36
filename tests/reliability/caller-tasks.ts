import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { assertNever } from '../../src-main/lib/failure.ts'
import { startWebServer, type WebServer } from '../media/files/web-server.ts'
import type { Attachment, CallerTask } from './caller.ts'

export type TaskKind = 'warm' | 'cold' | 'picture' | 'document' | 'voice' | 'absent' | 'locked'

/** One message that a caller has to get to its recipient, or to learn that it cannot. */
export interface Job {
  kind: TaskKind
  number: string
  text: string
  task: CallerTask
}

/** What tills send: mostly texts to people who have been written to before. */
const mixture: readonly TaskKind[] = [
  'warm', 'warm', 'picture', 'warm', 'cold', 'warm', 'warm', 'document', 'warm', 'warm',
  'warm', 'cold', 'warm', 'warm', 'picture', 'warm', 'absent', 'warm', 'warm', 'cold',
  'warm', 'warm', 'warm', 'document', 'warm', 'warm', 'cold', 'warm', 'locked', 'warm',
  'picture', 'warm', 'warm', 'warm', 'warm', 'cold', 'warm', 'voice', 'warm', 'warm',
] // prettier-ignore

const regularsOfEach = 10
const firstRegular = 6_285_520_000_000
const firstStranger = 6_285_530_000_000
/** Voice notes carry no text: each has a recipient of its own instead, by whom it is known again. */
const firstListener = 6_285_540_000_000

/** The jobs of a run, made up one by one, and the web server that their addresses lead to. */
export class CallerTasks {
  readonly #files: WebServer
  readonly #picture: Buffer
  readonly #voice: Buffer
  #made = 0

  private constructor(files: WebServer, picture: Buffer, voice: Buffer) {
    this.#files = files
    this.#picture = picture
    this.#voice = voice
  }

  static async start(): Promise<CallerTasks> {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
    const plain = { width: 480, height: 360, channels: 3, background: '#808080', noise } as const
    const picture = await sharp({ create: plain }).jpeg({ quality: 80 }).toBuffer()
    const voice = readFileSync(join(import.meta.dirname, '..', 'media', 'fixtures', 'voice.mp3'))
    const files = await startWebServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture)
    })
    return new CallerTasks(files, picture, voice)
  }

  /** What `media.trustedHosts` has to name. */
  get host(): string {
    return `localhost:${this.#files.port}`
  }

  async stop(): Promise<void> {
    await this.#files[Symbol.asyncDispose]()
  }

  /**
   * The next of a caller: every one has a text of its own.
   * @param device which of the devices sends it
   * @param mostlyStrangers most texts go to somebody new: for filling what remembers contacts
   */
  next(device: number, mostlyStrangers = false): Job {
    const count = this.#made++
    const usual = mixture[count % mixture.length] ?? 'warm'
    const kind = mostlyStrangers && usual === 'warm' && count % 4 !== 0 ? 'cold' : usual
    const job = { kind, number: numberFor(kind, device, count), text: `${kind} ${count} from ${device}` }
    switch (kind) {
      case 'picture':
        return { ...job, task: { attachment: this.#pictureOf(count) } }
      case 'document':
        return { ...job, task: { attachment: documentOf(count) } }
      case 'voice':
        return { ...job, task: { attachment: this.#voiceOf() } }
      case 'absent':
        return { ...job, task: { givesUpAt: ['not_on_whatsapp'] } }
      case 'locked':
        return { ...job, task: { givesUpAt: ['contact_locked'] } }
      case 'warm':
      case 'cold':
        return { ...job, task: {} }
      default:
        return assertNever(kind)
    }
  }

  /** By turns named and sent along. */
  #pictureOf(count: number): Attachment {
    return count % 2 === 0
      ? { mediaType: 'image', url: `${this.#files.origin}/picture-${count}.jpg` }
      : { mediaType: 'image', upload: Uint8Array.from(this.#picture), fileName: `picture-${count}.jpg` }
  }

  #voiceOf(): Attachment {
    return { mediaType: 'audio', upload: Uint8Array.from(this.#voice), fileName: 'voice.mp3' }
  }
}

function documentOf(count: number): Attachment {
  const page = `%PDF-1.4\n% receipt ${count}\n${'0123456789abcdef'.repeat(1_500)}\n%%EOF\n`
  return { mediaType: 'pdf', upload: new TextEncoder().encode(page), fileName: `receipt-${count}.pdf` }
}

function numberFor(kind: TaskKind, device: number, count: number): string {
  switch (kind) {
    case 'absent':
      return '6285500000101'
    case 'locked':
      return '6285500000201'
    case 'cold':
      return String(firstStranger + count)
    case 'voice':
      return String(firstListener + count)
    case 'warm':
    case 'picture':
    case 'document':
      return String(firstRegular + device * regularsOfEach + (count % regularsOfEach))
    default:
      return assertNever(kind)
  }
}
