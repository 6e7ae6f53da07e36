import { useSyncExternalStore } from 'react'
import type { Saving } from '../../src-preload/contract.ts'
import { bytesOf } from './base64.ts'
import { call } from './call.ts'

let savings: readonly Saving[] = []
const listeners = new Set<() => void>()

/** Files that are being written for the operator, and those just finished. */
export function useSavings(): readonly Saving[] {
  return useSyncExternalStore(subscribe, () => savings)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Takes the latest word about a saving; one without a place of its own is handed to the browser. */
export function keepSaving(saving: Saving): void {
  const before = savings.find((one) => one.id === saving.id)
  if (before !== undefined && before.state !== 'running') return
  savings = [...savings.filter((one) => one.id !== saving.id), saving]
  tell()
  if (saving.state === 'done' && saving.path === null) void download(saving)
}

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
