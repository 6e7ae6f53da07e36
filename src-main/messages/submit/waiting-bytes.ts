import type { DiskSpace } from '../../storage/data-folder/disk-space.ts'
import { inWords } from '../../storage/data-folder/disk-space.ts'
import type { PendingRequest } from './pending-request.ts'
import type { FailureInfo } from '../log/failure-messages.ts'

/** Of all that waits, texts and kept files together. */
const maxBytes = 2 * 1024 ** 3
/** … or this part of the disk's free space, where that is less. */
const maxPartOfDisk = 0.1
/** The part of it that one API key may have; the window counts as one. */
const maxPartOfKey = 0.5

/** How many bytes on the disk are of messages that wait or are on their way, of all and by key. */
export class WaitingBytes {
  readonly #disk: Pick<DiskSpace, 'freeBytes'>
  readonly #counted = new Map<PendingRequest, number>()
  readonly #byKey = new Map<string | null, number>()
  #total = 0

  constructor(disk: Pick<DiskSpace, 'freeBytes'>) {
    this.#disk = disk
  }

  /** Counts a request, or counts it again where it takes another room now. */
  note(request: PendingRequest): void {
    this.#add(request, request.bytes - (this.#counted.get(request) ?? 0))
    this.#counted.set(request, request.bytes)
  }

  remove(request: PendingRequest): void {
    this.#add(request, -(this.#counted.get(request) ?? 0))
    this.#counted.delete(request)
  }

  /** What is against that many more; null where nothing. A key that has nothing waiting may have one message. */
  against(keyId: string | null, more: number): FailureInfo | null {
    const max = Math.min(maxBytes, maxPartOfDisk * (this.#disk.freeBytes + this.#total))
    const own = this.#byKey.get(keyId) ?? 0
    const maxOfKey = max * maxPartOfKey
    if (own > 0 && own + more > maxOfKey) {
      const whose = keyId === null ? 'the window' : 'this API key'
      return {
        code: 'queue_full',
        reason: `Messages and files of ${whose} that wait take ${inWords(own)}; they may take ${inWords(maxOfKey)} with this one. Send again when some have left.`,
      }
    }
    if (own > 0 && this.#total + more > max) {
      return {
        code: 'queue_full',
        reason: `Messages and files that wait take ${inWords(this.#total)}; they may take ${inWords(max)} with this one. Send again when some have left.`,
      }
    }
    return null
  }

  #add(request: PendingRequest, bytes: number): void {
    const own = (this.#byKey.get(request.keyId) ?? 0) + bytes
    if (own > 0) this.#byKey.set(request.keyId, own)
    else this.#byKey.delete(request.keyId)
    this.#total += bytes
  }
}
