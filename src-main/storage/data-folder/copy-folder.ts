import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'

/** Files that say who has the folder open, which the copy is not. */
const ofTheLock = new Set(['lock', 'lock.json'])
const chunkBytes = 1024 * 1024

/**
 * Copies a folder with all that is in it, compares every file with its original, and has the disk keep it. The folder
 * that is copied into must not be there.
 *
 * @throws Error where anything is neither file nor folder, or a copy is not like its original
 */
export function copyFolder(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (ofTheLock.has(entry.name)) continue
    const [source, copy] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyFolder(source, copy)
    else if (entry.isFile()) copyWhole(source, copy)
    else throw new Error(`${source} is neither a file nor a folder.`)
  }
  syncFolder(to)
}

function copyWhole(source: string, copy: string): void {
  copyFileSync(source, copy)
  const descriptor = openSync(copy, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  if (digestOf(source) !== digestOf(copy)) throw new Error(`${source} could not be copied whole.`)
}

function digestOf(file: string): string {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(chunkBytes)
  const descriptor = openSync(file, 'r')
  try {
    for (let bytes = 0; (bytes = readSync(descriptor, chunk)) > 0;) hash.update(chunk.subarray(0, bytes))
  } finally {
    closeSync(descriptor)
  }
  return hash.digest('hex')
}

/** Has the disk keep the names in a folder. Windows keeps them by itself and opens no folder. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
