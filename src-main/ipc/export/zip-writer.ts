import { constants, crc32, deflateRawSync } from 'node:zlib'

interface Entry {
  name: Buffer
  at: number
  crc: number
  bytes: number
  compressedBytes: number
}

/** What version 2.0 can read: deflate. Names in UTF-8; sizes behind the data, since they are not known before it. */
const version = 20
const flags = 0x08_08
const deflate = 8
/** 1 January 1980, the first day that the format knows: a file is the same whenever it is written. */
const dosDate = 0x00_21

/**
 * Writes a ZIP piece by piece (PKWARE's APPNOTE.TXT 6.3.9), each call answering the bytes to be written next. Entries and
 * their sum are below 4 GiB.
 */
export class ZipWriter {
  readonly #entries: Entry[] = []
  #at = 0

  begin(name: string): Buffer {
    const entry = { name: Buffer.from(name), at: this.#at, crc: 0, bytes: 0, compressedBytes: 0 }
    this.#entries.push(entry)
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04_03_4b_50, 0)
    header.writeUInt16LE(version, 4)
    header.writeUInt16LE(flags, 6)
    header.writeUInt16LE(deflate, 8)
    header.writeUInt16LE(dosDate, 12)
    header.writeUInt16LE(entry.name.length, 26)
    return this.#passed(Buffer.concat([header, entry.name]))
  }

  /** More of the entry that was begun last; pieces end at a byte's border, so that they can follow one another. */
  add(text: string, isLast = false): Buffer {
    const entry = this.#entries.at(-1)
    if (entry === undefined) throw new Error('no entry was begun')
    const data = Buffer.from(text)
    const finishFlush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH
    const compressed = deflateRawSync(data, { finishFlush })
    entry.crc = crc32(data, entry.crc)
    entry.bytes += data.length
    entry.compressedBytes += compressed.length
    if (!isLast) return this.#passed(compressed)
    const descriptor = Buffer.alloc(16)
    descriptor.writeUInt32LE(0x08_07_4b_50, 0)
    writeSizes(descriptor, 4, entry)
    return this.#passed(Buffer.concat([compressed, descriptor]))
  }

  end(): Buffer {
    const at = this.#at
    const directory = Buffer.concat(this.#entries.flatMap((entry) => [directoryHeader(entry), entry.name]))
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06_05_4b_50, 0)
    end.writeUInt16LE(this.#entries.length, 8)
    end.writeUInt16LE(this.#entries.length, 10)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(at, 16)
    return Buffer.concat([directory, end])
  }

  #passed(bytes: Buffer): Buffer {
    this.#at += bytes.length
    return bytes
  }
}

function directoryHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02_01_4b_50, 0)
  header.writeUInt16LE(version, 4)
  header.writeUInt16LE(version, 6)
  header.writeUInt16LE(flags, 8)
  header.writeUInt16LE(deflate, 10)
  header.writeUInt16LE(dosDate, 14)
  writeSizes(header, 16, entry)
  header.writeUInt16LE(entry.name.length, 28)
  header.writeUInt32LE(entry.at, 42)
  return header
}

function writeSizes(header: Buffer, at: number, { crc, bytes, compressedBytes }: Entry): void {
  header.writeUInt32LE(crc, at)
  header.writeUInt32LE(compressedBytes, at + 4)
  header.writeUInt32LE(bytes, at + 8)
}
