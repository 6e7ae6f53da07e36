import type { FileHandle } from 'node:fs/promises'
import { unreadable, type Block } from '../pcm-block.ts'

/** Samples that stand in a file as they are. */
export interface PcmLayout {
  readonly start: number
  readonly bytes: number
  readonly channels: number
  readonly sampleRate: number
  readonly bitsPerSample: number
  readonly isFloat: boolean
  readonly isLittleEndian: boolean
}

const pieceBytes = 65_536

/** Reads them piece by piece; where the file is cut short they end. */
export async function* readPcm(file: FileHandle, layout: PcmLayout): AsyncGenerator<Block> {
  const { channels, sampleRate } = layout
  const sampleBytes = Math.ceil(layout.bitsPerSample / 8)
  const isKnown = layout.isFloat ? [4, 8].includes(sampleBytes) : sampleBytes >= 1 && sampleBytes <= 4
  if (!isKnown || channels < 1 || channels > 8) throw unreadable('its samples are of a form that is not read')
  const frame = sampleBytes * channels
  const piece = Buffer.alloc(Math.floor(pieceBytes / frame) * frame)
  const end = layout.start + layout.bytes
  for (let at = layout.start; at + frame <= end;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, end - at), at)
    const frames = Math.floor(bytesRead / frame)
    if (frames === 0) return
    yield {
      sampleRate,
      channels: Array.from({ length: channels }, (_, channel) =>
        Float32Array.from({ length: frames }, (_, index) =>
          sampleAt(piece, index * frame + channel * sampleBytes, sampleBytes, layout),
        ),
      ),
    }
    at += frames * frame
  }
}

function sampleAt(piece: Buffer, at: number, bytes: number, layout: PcmLayout): number {
  const { isFloat, isLittleEndian } = layout
  if (isFloat && bytes === 8) return isLittleEndian ? piece.readDoubleLE(at) : piece.readDoubleBE(at)
  if (isFloat) return isLittleEndian ? piece.readFloatLE(at) : piece.readFloatBE(at)
  const value = isLittleEndian ? piece.readIntLE(at, bytes) : piece.readIntBE(at, bytes)
  return value / 2 ** (8 * bytes - 1)
}
