import { createInflate } from 'node:zlib'
import type { proto } from '@whiskeysockets/baileys'
import { collectEveryBytes, collectYoungGarbage } from '../../media/young-generation.ts'
import { download } from './encrypted-download.ts'
import type { DownloadPlace } from './encrypted-download.ts'
import { historyShape, noFacts } from './history-facts.ts'
import type { HistoryFacts } from './history-facts.ts'
import { WireWalker } from './wire-walker.ts'

/** No more of a part of the history is fetched or inflated; usual ones inflate to 5 to 20 MB. */
export const maxHistoryBytes = 64 * 1_048_576
const pieceBytes = 64 * 1_024

/**
 * Takes from one part of an account's history what is needed of it: fetched, decrypted, inflated and walked piece by
 * piece, so that neither the file nor any message is ever held. Beyond the bound, and where a part is broken, what was
 * read before counts; but nothing of a file whose MAC or hash is wrong.
 *
 * @throws FileLost; any other Error where it could not be fetched
 */
export async function readHistory(
  place: DownloadPlace,
  notification: proto.Message.IHistorySyncNotification,
): Promise<HistoryFacts> {
  const facts = noFacts()
  const walk = new InflatedWalk(facts)
  const inline = notification.initialHistBootstrapInlinePayload
  const file = { ...notification, purpose: 'md-msg-hist' } as const
  const pieces = inline?.length ? [Buffer.from(inline)] : download(place, file, maxHistoryBytes)
  for await (const piece of pieces) await walk.push(piece)
  await walk.end()
  return facts
}

/** Inflates and walks what it is given, until that is too much or makes no sense. */
class InflatedWalk {
  readonly #inflate = createInflate({ chunkSize: pieceBytes })
  readonly #walker: WireWalker
  readonly #closed = new Promise<void>((resolve) => this.#inflate.once('close', resolve))
  #bytes = 0
  #isStopped = false

  constructor(facts: HistoryFacts) {
    this.#walker = new WireWalker(historyShape(facts))
    this.#inflate.on('data', (piece: Buffer) => this.#walk(piece))
    this.#inflate.on('error', () => this.#stop())
  }

  /** Resolves once the piece has been walked. */
  async push(piece: Buffer): Promise<void> {
    if (this.#isStopped) return
    const written = new Promise<void>((resolve) => this.#inflate.write(piece, () => resolve()))
    // Of what was being written when it was stopped nothing is heard any more.
    await Promise.race([written, this.#closed])
  }

  async end(): Promise<void> {
    if (this.#isStopped) return
    this.#inflate.end()
    await this.#closed
    if (!this.#isStopped) this.#try(() => this.#walker.end())
  }

  #walk(piece: Buffer): void {
    if (this.#isStopped) return
    this.#bytes += piece.length
    if (this.#bytes > maxHistoryBytes) return this.#stop()
    if (this.#bytes % collectEveryBytes < piece.length) collectYoungGarbage()
    this.#try(() => this.#walker.push(piece))
  }

  #try(work: () => void): void {
    try {
      work()
    } catch {
      // A WireError: what was complete before it has been told.
      this.#stop()
    }
  }

  #stop(): void {
    this.#isStopped = true
    this.#inflate.destroy()
  }
}
