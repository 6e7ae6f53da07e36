import { useMutation } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { RequestOf, Download } from '../../src-preload/contract.ts'
import { bytesOf } from './base64.ts'
import { call, CallFailure } from './ipc-call.ts'
import { onReconnect } from './on-reconnect.ts'

const begunKey = 'kurir-savings'

let downloads: readonly Download[] = []
/** What this window asked for, also before it was loaded again: in headless there may be others. */
const begun = new Set(window.sessionStorage.getItem(begunKey)?.split(' '))
const listeners = new Set<() => void>()

/** Files that are being written for the operator, and those just finished. */
export function useDownloads(): readonly Download[] {
  return useSyncExternalStore(subscribe, () => downloads)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Has a file written for the operator. It is followed whatever page is shown by the time of the answer, which a
 * page's own handlers would not hear of.
 */
export function useWriteFile<Name extends 'messages.export' | 'program.backup' | 'program.diagnostics'>(
  name: Name,
  { showsFailure = false } = {},
) {
  return useMutation<void, CallFailure, RequestOf<Name>>({
    mutationFn: async (request) => {
      const entry = await call(name, request)
      if (entry !== null) followSaving(entry)
    },
    meta: { showsFailure },
  })
}

/** Follows what this window has just asked for. */
function followSaving(entry: Download): void {
  begun.add(entry.id)
  window.sessionStorage.setItem(begunKey, Array.from(begun).join(' '))
  keepDownload(entry)
}

/**
 * Takes the latest word about a saving. One without a place of its own belongs to the window that asked for it, which
 * hands it to its browser: it can be read once only.
 */
export function keepDownload(entry: Download): void {
  const before = downloads.find((one) => one.id === entry.id)
  if (before !== undefined && before.state !== 'running') return
  if (entry.path === null && !begun.has(entry.id)) return
  keep(entry)
  if (entry.state === 'done' && entry.path === null) {
    download(entry).catch((error: unknown) => keep(failed(entry, error)))
  }
}

function keep(entry: Download): void {
  downloads = [...downloads.filter((one) => one.id !== entry.id), entry]
  notify()
}

function failed(entry: Download, error: unknown): Download {
  const code = error instanceof CallFailure ? error.code : 'internal_error'
  return { ...entry, state: 'failed', failure: { code, reason: String(error) } }
}

// That one is done may have been told while nobody heard; what is not done yet goes on being told.
onReconnect(() => {
  for (const entry of downloads) {
    if (entry.state !== 'running' || entry.path !== null) continue
    download(entry).then(
      () => keep({ ...entry, state: 'done' }),
      () => undefined,
    )
  }
})

export function forgetDownload(id: string): void {
  downloads = downloads.filter((one) => one.id !== id)
  notify()
}

function notify(): void {
  for (const listener of listeners) listener()
}

async function download(entry: Download): Promise<void> {
  const url = URL.createObjectURL(await readParts((offset) => call('savings.read', { id: entry.id, offset })))
  const link = document.createElement('a')
  link.href = url
  link.download = entry.fileName
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Reads a file of the program's part by part. */
export async function readParts(
  read: (offset: number) => Promise<{ base64: string; last: boolean }>,
  type = 'application/octet-stream',
): Promise<Blob> {
  const parts: BlobPart[] = []
  for (let offset = 0; ;) {
    const part = await read(offset)
    const bytes = bytesOf(part.base64)
    parts.push(bytes)
    if (part.last || bytes.length === 0) return new Blob(parts, { type })
    offset += bytes.length
  }
}
