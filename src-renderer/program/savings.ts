import { useMutation } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { RequestOf, Saving } from '../../src-preload/contract.ts'
import { bytesOf } from './base64.ts'
import { call, CallFailure } from './call.ts'
import { onReturn } from './return.ts'

const begunKey = 'kurir-savings'

let savings: readonly Saving[] = []
/** What this window asked for, also before it was loaded again: in headless there may be others. */
const begun = new Set(window.sessionStorage.getItem(begunKey)?.split(' '))
const listeners = new Set<() => void>()

/** Files that are being written for the operator, and those just finished. */
export function useSavings(): readonly Saving[] {
  return useSyncExternalStore(subscribe, () => savings)
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
      const saving = await call(name, request)
      if (saving !== null) followSaving(saving)
    },
    meta: { showsFailure },
  })
}

/** Follows what this window has just asked for. */
function followSaving(saving: Saving): void {
  begun.add(saving.id)
  window.sessionStorage.setItem(begunKey, Array.from(begun).join(' '))
  keepSaving(saving)
}

/**
 * Takes the latest word about a saving. One without a place of its own belongs to the window that asked for it, which
 * hands it to its browser: it can be read once only.
 */
export function keepSaving(saving: Saving): void {
  const before = savings.find((one) => one.id === saving.id)
  if (before !== undefined && before.state !== 'running') return
  if (saving.path === null && !begun.has(saving.id)) return
  keep(saving)
  if (saving.state === 'done' && saving.path === null) {
    download(saving).catch((thrown: unknown) => keep(failed(saving, thrown)))
  }
}

function keep(saving: Saving): void {
  savings = [...savings.filter((one) => one.id !== saving.id), saving]
  tell()
}

function failed(saving: Saving, thrown: unknown): Saving {
  const code = thrown instanceof CallFailure ? thrown.code : 'internal_error'
  return { ...saving, state: 'failed', failure: { code, reason: String(thrown) } }
}

// That one is done may have been told while nobody heard; what is not done yet goes on being told.
onReturn(() => {
  for (const saving of savings) {
    if (saving.state !== 'running' || saving.path !== null) continue
    download(saving).then(
      () => keep({ ...saving, state: 'done' }),
      () => undefined,
    )
  }
})

export function forgetSaving(id: string): void {
  savings = savings.filter((one) => one.id !== id)
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

async function download(saving: Saving): Promise<void> {
  const url = URL.createObjectURL(
    await readParts((offset) => call('savings.read', { id: saving.id, offset })),
  )
  const link = document.createElement('a')
  link.href = url
  link.download = saving.fileName
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
