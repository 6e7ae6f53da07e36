import type { FileHandle } from 'node:fs/promises'

/** What the boxes of an MP4, QuickTime or 3GP file say (ISO/IEC 14496-12). */
export interface Mp4 {
  /** Of the whole presentation; null where only a player that reads it all could tell. */
  readonly seconds: number | null
  /** Pixels as shown, a quarter turn of the picture applied. */
  readonly video: Mp4Video | null
  readonly audio: Mp4Audio | null
}

export interface Mp4Video {
  readonly codec: string
  readonly width: number
  readonly height: number
  /** The codec's own setup, the content of avcC or hvcC; null where there is none. */
  readonly setup: Buffer | null
}

export interface Mp4Audio {
  readonly codec: string
  /** The sample description's own box and the tables that place the samples, for whoever decodes them. */
  readonly description: Buffer
  readonly tables: ReadonlyMap<string, Buffer>
}

/** `moov` of an hour's film is a few hundred KiB. */
const maxMovieBoxBytes = 16 * 1_048_576
/** Of the file, and of all levels of its movie box together: a film has some hundred. */
const maxBoxes = 4_096
/** Of a fragmented file: two for each second or two of it. */
const maxFragmentBoxes = 65_536
const maxFragmentBytes = 1_048_576

/** Reads an open file's movie box; null where there is none that makes sense, or the file is cut short. */
export async function readMp4(file: FileHandle): Promise<Mp4 | null> {
  const movie = await movieBox(file)
  if (movie === null) return null
  const described = describe(movie)
  return { ...described, seconds: described.seconds ?? (await secondsOfFragments(file, movie)) }
}

/** Of a file that was written while it was recorded: each fragment says how long its own samples are (8.8). */
async function secondsOfFragments(file: FileHandle, movie: Buffer): Promise<number | null> {
  if (inside(movie, 'mvex') === null) return null
  const lengths = new Map<number, number>()
  const defaults = new Map<number, number>()
  for (const { type, content } of boxesIn(inside(movie, 'mvex') ?? Buffer.alloc(0))) {
    if (type === 'trex' && content.length >= 16)
      defaults.set(content.readUInt32BE(4), content.readUInt32BE(12))
  }
  for await (const fragment of fragmentsOf(file)) {
    for (const { type, content } of boxesIn(fragment)) {
      if (type === 'traf') addLength(content, defaults, lengths)
    }
  }
  const seconds = boxesIn(movie)
    .filter(({ type }) => type === 'trak')
    .map(({ content }) => {
      const header = inside(content, 'tkhd')
      const number = header?.[0] === 1 ? 20 : 12
      const track = header && header.length >= number + 4 ? header.readUInt32BE(number) : 0
      return (lengths.get(track) ?? 0) / (timescaleOf(inside(content, 'mdia', 'mdhd')) || 1)
    })
  const longest = Math.max(0, ...seconds)
  return longest > 0 ? longest : null
}

/** `tfhd` and `trun` (8.8.7 and 8.8.8): a sample has its own duration, its fragment's, or its track's. */
function addLength(track: Buffer, defaults: Map<number, number>, lengths: Map<number, number>): void {
  const header = inside(track, 'tfhd')
  if (header === null || header.length < 8) return
  const number = header.readUInt32BE(4)
  const flags = header.readUIntBE(1, 3)
  const at = 8 + ((flags & 1) === 0 ? 0 : 8) + ((flags & 2) === 0 ? 0 : 4)
  const own = (flags & 8) !== 0 && header.length >= at + 4 ? header.readUInt32BE(at) : defaults.get(number)
  let length = 0
  for (const { type, content } of boxesIn(track)) {
    if (type === 'trun') length += lengthOfRun(content, own ?? 0)
  }
  lengths.set(number, (lengths.get(number) ?? 0) + length)
}

function lengthOfRun(run: Buffer, usual: number): number {
  if (run.length < 8) return 0
  const flags = run.readUIntBE(1, 3)
  const count = run.readUInt32BE(4)
  if ((flags & 0x1_00) === 0) return count * usual
  const bytes = 4 * [0x1_00, 0x2_00, 0x4_00, 0x8_00].filter((flag) => (flags & flag) !== 0).length
  let length = 0
  let at = 8 + ((flags & 1) === 0 ? 0 : 4) + ((flags & 4) === 0 ? 0 : 4)
  for (let index = 0; index < count && at + 4 <= run.length; index += 1, at += bytes) {
    length += run.readUInt32BE(at)
  }
  return length
}

async function* fragmentsOf(file: FileHandle): AsyncGenerator<Buffer> {
  const { size } = await file.stat()
  const header = Buffer.alloc(16)
  for (let at = 0, count = 0; at + 8 <= size && count < maxFragmentBoxes; count += 1) {
    await file.read(header, 0, 16, at)
    const box = boxSize(header, 0, size - at)
    if (box === null) return
    if (header.toString('latin1', 4, 8) === 'moof' && box.bytes <= maxFragmentBytes) {
      const content = Buffer.alloc(Math.min(box.bytes, size - at) - box.header)
      await file.read(content, 0, content.length, at + box.header)
      yield content
    }
    at += box.bytes
  }
}

async function movieBox(file: FileHandle): Promise<Buffer | null> {
  const { size } = await file.stat()
  const header = Buffer.alloc(16)
  let movie: Buffer | null = null
  for (let at = 0, count = 0; at + 8 <= size && count < maxFragmentBoxes; count += 1) {
    await file.read(header, 0, 16, at)
    const box = boxSize(header, 0, size - at)
    if (box === null) break
    const type = header.toString('latin1', 4, 8)
    if (type === 'moov') {
      if (box.bytes > maxMovieBoxBytes || at + box.bytes > size) return null
      const content = Buffer.alloc(box.bytes - box.header)
      await file.read(content, 0, content.length, at + box.header)
      movie = content
    }
    // A download that broke off ends inside the pictures.
    if (type === 'mdat' && at + box.bytes > size) return null
    at += box.bytes
  }
  return movie
}

/** A size of 1 is followed by 64 bits of it, a size of 0 means to the end. */
function boxSize(buffer: Buffer, at: number, rest: number): { bytes: number; header: number } | null {
  const short = buffer.readUInt32BE(at)
  if (short === 0) return { bytes: rest, header: 8 }
  if (short !== 1) return short < 8 ? null : { bytes: short, header: 8 }
  if (at + 16 > buffer.length) return null
  const long = Number(buffer.readBigUInt64BE(at + 8))
  return long < 16 ? null : { bytes: long, header: 16 }
}

/** The boxes directly inside a box's content. Stops where the sizes stop making sense. */
function boxesIn(content: Buffer, from = 0): { type: string; content: Buffer }[] {
  const boxes: { type: string; content: Buffer }[] = []
  for (let at = from; at + 8 <= content.length && boxes.length < maxBoxes;) {
    const size = boxSize(content, at, content.length - at)
    if (size === null || at + size.bytes > content.length) break
    boxes.push({
      type: content.toString('latin1', at + 4, at + 8),
      content: content.subarray(at + size.header, at + size.bytes),
    })
    at += size.bytes
  }
  return boxes
}

function inside(content: Buffer, ...path: string[]): Buffer | null {
  return path.reduce<Buffer | null>(
    (box, type) => (box ? (boxesIn(box).find((inner) => inner.type === type)?.content ?? null) : null),
    content,
  )
}

function describe(movie: Buffer): Mp4 {
  const tracks = boxesIn(movie).filter(({ type }) => type === 'trak')
  const ofKind = (kind: string): Buffer | undefined =>
    tracks.find(({ content }) => handlerOf(content) === kind)?.content
  const video = ofKind('vide')
  const audio = ofKind('soun')
  return {
    seconds: secondsOf(movie, [video, audio]),
    video: video ? videoOf(video) : null,
    audio: audio ? audioOf(audio) : null,
  }
}

const handlerOf = (track: Buffer): string => inside(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12) ?? ''

/** The movie's own header, else the longest track's; a fragmented file has its whole length in `mehd`. */
function secondsOf(movie: Buffer, tracks: (Buffer | undefined)[]): number | null {
  const scale = timescaleOf(inside(movie, 'mvhd'))
  const fragments = inside(movie, 'mvex', 'mehd')
  const media = tracks.map((track) => (track ? durationOf(inside(track, 'mdia', 'mdhd')) : null))
  const found = [
    durationOf(inside(movie, 'mvhd')),
    fragments && scale ? fragmentsDuration(fragments) / scale : null,
    Math.max(0, ...media.map((seconds) => seconds ?? 0)),
  ]
  return found.find((seconds) => seconds !== null && seconds > 0 && Number.isFinite(seconds)) ?? null
}

/** `mvhd` and `mdhd` begin alike: version, flags, two times, time scale, duration. */
function durationOf(header: Buffer | null): number | null {
  const scale = timescaleOf(header)
  if (!header || !scale) return null
  if (header[0] === 1) return header.length < 32 ? null : Number(header.readBigUInt64BE(24)) / scale
  const units = header.readUInt32BE(16)
  return units === 0xff_ff_ff_ff ? null : units / scale
}

function timescaleOf(header: Buffer | null): number | null {
  const at = header?.[0] === 1 ? 20 : 12
  return header && header.length >= at + 8 ? header.readUInt32BE(at) : null
}

function fragmentsDuration(box: Buffer): number {
  if (box[0] === 1) return box.length < 12 ? 0 : Number(box.readBigUInt64BE(4))
  return box.length < 8 ? 0 : box.readUInt32BE(4)
}

function sampleDescription(track: Buffer): { codec: string; content: Buffer } | null {
  const table = inside(track, 'mdia', 'minf', 'stbl', 'stsd')
  const first = table ? boxesIn(table, 8)[0] : undefined
  return first ? { codec: first.type, content: first.content } : null
}

function videoOf(track: Buffer): Mp4['video'] {
  const description = sampleDescription(track)
  if (!description || description.content.length < 28) return null
  const coded = { width: description.content.readUInt16BE(24), height: description.content.readUInt16BE(26) }
  const { width, height } = isTurned(inside(track, 'tkhd'))
    ? { width: coded.height, height: coded.width }
    : coded
  const setup =
    boxesIn(description.content, 78).find(({ type }) => type === 'avcC' || type === 'hvcC')?.content ?? null
  return { codec: description.codec, width, height, setup }
}

/** Phones film upright by turning the picture with the track's matrix: then its first number is 0. */
function isTurned(header: Buffer | null): boolean {
  if (!header) return false
  const matrix = header[0] === 1 ? 52 : 40
  return (
    header.length >= matrix + 8 && header.readInt32BE(matrix) === 0 && header.readInt32BE(matrix + 4) !== 0
  )
}

function audioOf(track: Buffer): Mp4Audio | null {
  const description = sampleDescription(track)
  const table = inside(track, 'mdia', 'minf', 'stbl')
  if (!description || !table) return null
  const tables = new Map(boxesIn(table).map(({ type, content }) => [type, content]))
  return { codec: description.codec, description: description.content, tables }
}
