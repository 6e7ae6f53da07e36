import type { FileHandle } from 'node:fs/promises'
import { sniffed, type Sniffed } from './formats.ts'

/**
 * An AVIF picture by the brands of its file (https://aomediacodec.github.io/av1-avif/, 6): a still one may have a brand
 * of HEIF first, and `avis` anywhere means a sequence. null for any other file.
 */
export function formatOfAvif(head: Buffer): Sniffed | null {
  if (head.toString('latin1', 4, 8) !== 'ftyp') return null
  const end = Math.min(head.readUInt32BE(0), head.length, maxBrandBytes)
  const brands = new Set<string>([head.toString('latin1', 8, 12)])
  for (let at = 16; at + 4 <= end; at += 4) brands.add(head.toString('latin1', at, at + 4))
  if (brands.has('avis')) return { ...sniffed('avif'), moves: true } as Sniffed
  return brands.has('avif') ? sniffed('avif') : null
}

const maxBrandBytes = 1_024

/** Whether a PNG has more than one frame (https://www.w3.org/TR/png-3/#acTL-chunk): the chunk stands before the pixels. */
export async function isMovingPng(file: FileHandle): Promise<boolean> {
  const header = Buffer.alloc(12)
  for (let at = 8, chunks = 0; chunks < maxChunks; chunks += 1) {
    const { bytesRead } = await file.read(header, 0, 12, at)
    if (bytesRead < 12) return false
    const type = header.toString('latin1', 4, 8)
    if (type === 'acTL') return header.readUInt32BE(8) > 1
    if (type === 'IDAT') return false
    at += 12 + header.readUInt32BE(0)
  }
  return false
}

const maxChunks = 256
