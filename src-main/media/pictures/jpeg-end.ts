import { open, readFile, type FileHandle } from 'node:fs/promises'
import type { Metadata } from 'sharp'
import { loadSharp } from './image-codec.ts'

/** Of a picture's rows, which must be there: phones draw the rest grey. */
const minRowsShare = 0.9

/** What a JPEG lacks that does not end as it should. */
export type MissingEnd = 'marker' | 'few_rows' | 'much'

/**
 * How much of a JPEG is missing that a decoder says is cut short. Cameras, and programs that save while they send, leave
 * out the end marker or the last rows, and every phone shows such a picture.
 */
export async function missingEndOf(path: string, facts: Metadata): Promise<MissingEnd> {
  if (await decodesWithMarker(path, facts)) return 'marker'
  const isShown = facts.isProgressive ? await hasEveryScan(path) : await hasMostRows(path, facts)
  return isShown ? 'few_rows' : 'much'
}

const endMarker = Buffer.from('ffd9', 'hex')

/** Without a single complaint, were the end marker there. */
async function decodesWithMarker(path: string, { width, height }: Metadata): Promise<boolean> {
  const sharp = await loadSharp()
  const whole = Buffer.concat([await readFile(path), endMarker])
  // Its last row needs all that is before it.
  return succeeds(
    sharp(whole, { failOn: 'warning', sequentialRead: true })
      .extract({ left: 0, top: height - 1, width, height: 1 })
      .raw()
      .toBuffer(),
  )
}

/** A baseline picture is decoded from above: its first rows need nothing of what comes behind them. */
async function hasMostRows(path: string, { width, height }: Metadata): Promise<boolean> {
  const sharp = await loadSharp()
  const rows = Math.max(1, Math.floor(height * minRowsShare))
  return succeeds(
    sharp(path, { failOn: 'error', sequentialRead: true })
      .extract({ left: 0, top: rows - 1, width, height: 1 })
      .raw()
      .toBuffer(),
  )
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return true
  } catch {
    // The decoder's words say no more than that something is missing.
    return false
  }
}

/**
 * A progressive picture is sharpened scan by scan (ITU-T T.81, G.1.2): it is nearly whole where the last scan of every
 * coefficient has begun.
 */
async function hasEveryScan(path: string): Promise<boolean> {
  await using file = await open(path)
  const missing = new Map<number, Set<number>>()
  for await (const { type, content } of segmentsOf(file)) {
    if (type === 0xc2) {
      for (let at = 6; at + 3 <= content.length; at += 3) {
        missing.set(content[at] ?? 0, new Set(Array.from({ length: 64 }, (_, index) => index)))
      }
    }
    if (type !== 0xda) continue
    const components = content[0] ?? 0
    const [first = 0, last = 0, precision = 0] = content.subarray(1 + components * 2)
    if ((precision & 0x0f) !== 0) continue
    for (let component = 0; component < components; component += 1) {
      const left = missing.get(content[1 + component * 2] ?? 0)
      for (let index = first; index <= Math.min(last, 63); index += 1) left?.delete(index)
    }
  }
  return missing.size > 0 && [...missing.values()].every((left) => left.size === 0)
}

/** The marker segments of a JPEG in order; what is coded between them is passed over. */
async function* segmentsOf(file: FileHandle): AsyncGenerator<{ type: number; content: Buffer }> {
  const bytes = await file.readFile()
  for (let at = 2; at + 4 <= bytes.length;) {
    at = bytes.indexOf(0xff, at)
    const type = bytes[at + 1]
    if (at === -1 || type === undefined) return
    // Stuffed bytes, restarts and fill bytes are part of what is coded.
    if (type === 0 || type === 0xff || type === 0xd8 || (type >= 0xd0 && type <= 0xd7)) {
      at += type === 0xff ? 1 : 2
      continue
    }
    if (at + 4 > bytes.length) return
    const length = bytes.readUInt16BE(at + 2)
    yield { type, content: bytes.subarray(at + 4, at + 2 + length) }
    at += 2 + length
  }
}
