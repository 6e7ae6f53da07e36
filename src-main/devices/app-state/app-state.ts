import type { BinaryNode, proto, WASocket } from '@whiskeysockets/baileys'
import { sentenceOf } from '../../lib/failure.ts'
import type { Logger } from '../../lib/logging/logger.ts'
import { baileys } from '../baileys/baileys.ts'
import { downloadWhole } from '../history/encrypted-download.ts'
import type { DownloadPlace } from '../history/encrypted-download.ts'
import { KeysUnavailable } from '../session-keys/keys-unavailable.ts'
import type { SessionKeys } from '../session-keys/session-key-store.ts'
import { ForgedRecord, openRecord, recordKeys, verifyPatch } from './action-record.ts'
import type { Operation, RecordKeys, Setting } from './action-record.ts'

/** The account's own name is in the first, the salt for tokens to strangers in the second. */
export const wantedCollections = ['critical_block', 'regular_high'] as const
export type WantedCollection = (typeof wantedCollections)[number]

export interface AppStateDependencies {
  socket: WASocket
  keys: SessionKeys
  place: DownloadPlace
  log: Logger
  changed: (setting: Setting) => void
}

/** One collection answers in portions; this many would be one with thousands of changes. */
const maxPortions = 50
/** Snapshots hold everything in force, such as all starred messages: so many bytes at most. */
const maxSnapshotBytes = 16 * 1_048_576

/** The key that a record needs has not come yet: the phone shares it by and by. */
class KeyMissing extends Error {}

/**
 * Two collections of the account's app state, of which two settings are taken. Baileys' own reader (Socket/chats.js)
 * drops the salt, heeds the first collection of a notification only and keeps an index of everything.
 */
export class AppState {
  readonly #dependencies: AppStateDependencies
  readonly #due = new Set<WantedCollection>()
  #isSyncing = false
  #isOver = false

  constructor(dependencies: AppStateDependencies) {
    this.#dependencies = dependencies
  }

  end(): void {
    this.#isOver = true
  }

  /** Asks for what has changed in those collections; what is asked for meanwhile follows. Never throws. */
  sync(collections: readonly string[] = wantedCollections): void {
    for (const name of wantedCollections) if (collections.includes(name)) this.#due.add(name)
    if (this.#due.size === 0 || this.#isSyncing) return
    this.#isSyncing = true
    void this.#syncAll().finally(() => {
      this.#isSyncing = false
      if (this.#due.size > 0 && !this.#isOver) this.sync([...this.#due])
    })
  }

  /** Asks for collections that were never read: of a device that was linked before this was done. */
  syncUnread(): void {
    this.sync(wantedCollections.filter((name) => this.#versionOf(name) === 0))
  }

  async #syncAll(): Promise<void> {
    const names = [...this.#due]
    this.#due.clear()
    for (const name of names) {
      if (this.#isOver) return
      try {
        await this.#syncOne(name)
      } catch (error) {
        this.#failed(name, error)
      }
    }
  }

  #failed(name: WantedCollection, error: unknown): void {
    const { log } = this.#dependencies
    if (error instanceof KeysUnavailable || this.#isOver) return
    // The next time everything is asked for, instead of what has changed since.
    if (error instanceof ForgedRecord) this.#reached(name, 0)
    const reason = sentenceOf(error)
    if (error instanceof KeyMissing)
      log.info({ collection: name, reason }, 'app state key is missing; waiting for it')
    else log.warn({ collection: name, reason }, 'could not read app state')
  }

  async #syncOne(name: WantedCollection): Promise<void> {
    for (let portion = 0; portion < maxPortions; portion++) {
      const version = this.#versionOf(name)
      const answer = await this.#ask(name, version)
      const reached = await this.#apply(name, answer, version)
      if (this.#isOver) return
      if (reached !== version) this.#reached(name, reached)
      if (answer.attrs['has_more_patches'] !== 'true' || reached === version) return
    }
  }

  async #ask(name: WantedCollection, version: number): Promise<BinaryNode> {
    const attrs = { name, version: String(version), return_snapshot: String(version === 0) }
    const answer = (await this.#dependencies.socket.query({
      tag: 'iq',
      attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:sync:app:state' },
      content: [{ tag: 'sync', attrs: {}, content: [{ tag: 'collection', attrs }] }],
    })) as BinaryNode | undefined
    const { getBinaryNodeChild } = baileys()
    const collection = answer && getBinaryNodeChild(getBinaryNodeChild(answer, 'sync'), 'collection')
    if (collection === undefined) throw new Error('WhatsApp did not answer')
    const error = getBinaryNodeChild(collection, 'error')
    if (error !== undefined) throw new Error(`WhatsApp refused it (${error.attrs['code']})`)
    return collection
  }

  /** The version that is reached by what the answer holds. */
  async #apply(name: WantedCollection, answer: BinaryNode, version: number): Promise<number> {
    const { getBinaryNodeChild, getBinaryNodeChildren, proto } = baileys()
    let reached = version
    const snapshot = getBinaryNodeChild(answer, 'snapshot')?.content
    if (snapshot instanceof Uint8Array) {
      reached = await this.#applySnapshot(proto.ExternalBlobReference.decode(snapshot))
    }
    const patches = getBinaryNodeChild(answer, 'patches')
    for (const { content } of getBinaryNodeChildren(patches, 'patch')) {
      if (!(content instanceof Uint8Array)) continue
      const patch = proto.SyncdPatch.decode(content)
      const of = Number(patch.version?.version ?? reached + 1)
      if (of <= reached) continue
      await this.#applyPatch(name, patch, of)
      reached = of
    }
    return reached
  }

  async #applySnapshot(reference: proto.IExternalBlobReference): Promise<number> {
    const bytes = await this.#download(reference)
    const snapshot = baileys().proto.SyncdSnapshot.decode(bytes)
    this.#applyAll(snapshot.records.map((record) => ({ operation: 'SET', record })))
    return Number(snapshot.version?.version ?? 0)
  }

  async #applyPatch(name: WantedCollection, patch: proto.SyncdPatch, version: number): Promise<void> {
    const { SyncdMutations, SyncdMutation } = baileys().proto
    const mutations = [...patch.mutations]
    if (patch.externalMutations) {
      const bytes = await this.#download(patch.externalMutations)
      mutations.push(...SyncdMutations.decode(bytes).mutations)
    }
    const records = mutations.flatMap(({ operation, record }) =>
      record
        ? [
            {
              operation: operation === SyncdMutation.SyncdOperation.REMOVE ? 'REMOVE' : 'SET',
              record,
            } as const,
          ]
        : [],
    )
    verifyPatch(
      {
        snapshotMac: patch.snapshotMac ?? new Uint8Array(),
        patchMac: patch.patchMac ?? new Uint8Array(),
        version,
        valueMacs: records.map(({ record }) => (record.value?.blob ?? new Uint8Array()).subarray(-32)),
      },
      name,
      this.#recordKeys(patch.keyId?.id),
    )
    this.#applyAll(records)
  }

  /** One whose key has not come does not keep the others back. @throws KeyMissing in the end, if there was one */
  #applyAll(records: readonly { operation: Operation; record: proto.ISyncdRecord }[]): void {
    let missing: KeyMissing | null = null
    for (const { operation, record } of records) {
      try {
        this.#applyRecord(operation, record)
      } catch (error) {
        if (!(error instanceof KeyMissing)) throw error
        missing = error
      }
    }
    if (missing !== null) throw missing
  }

  #applyRecord(operation: Operation, { index, value, keyId }: proto.ISyncdRecord): void {
    const setting = openRecord(
      operation,
      {
        keyId: keyId?.id ?? new Uint8Array(),
        indexMac: index?.blob ?? new Uint8Array(),
        value: value?.blob ?? new Uint8Array(),
      },
      this.#recordKeys(keyId?.id),
    )
    if (setting !== null && !this.#isOver) this.#dependencies.changed(setting)
  }

  #recordKeys(id: Uint8Array | null | undefined): RecordKeys {
    const name = Buffer.from(id ?? []).toString('base64')
    const { [name]: key } = this.#dependencies.keys.get('app-state-sync-key', [name])
    if (!key?.keyData) throw new KeyMissing('the phone has not shared that key')
    return recordKeys(key.keyData)
  }

  #download(reference: proto.IExternalBlobReference): Promise<Buffer> {
    return downloadWhole(
      this.#dependencies.place,
      { ...reference, purpose: 'md-app-state' },
      maxSnapshotBytes,
    )
  }

  #reached(name: WantedCollection, version: number): void {
    this.#dependencies.keys.set({ 'app-state-read': { [name]: { version } } })
  }

  #versionOf(name: WantedCollection): number {
    return this.#dependencies.keys.get('app-state-read', [name])[name]?.version ?? 0
  }
}
