/** Hand-written MP4 files: real boxes around samples that nobody decodes. */
export interface Mp4Options {
  brand?: string
  /** Coded size; `turned` adds the matrix of a phone held upright. */
  video?: { width: number; height: number; codec?: string; turned?: boolean } | null
  audio?: boolean
  seconds?: number
  /** Bytes of media data. */
  payload?: Buffer
  /** The index behind the pictures, as cameras write it. */
  indexLast?: boolean
  /** No duration in the movie header: as in fragmented files. */
  fragmented?: boolean
}

export function makeMp4(wish: Mp4Options = {}): Buffer {
  const { brand = 'isom', seconds = 7.4, payload = Buffer.alloc(2_000, 1), indexLast = false } = wish
  const video = wish.video === undefined ? { width: 640, height: 360 } : wish.video
  const duration = Math.round(seconds * 1_000)
  const header = fullBox('mvhd', [0, 0, 1_000, wish.fragmented ? 0 : duration], Buffer.alloc(80))
  const extends_ = wish.fragmented ? [box('mvex', fullBox('mehd', [duration]))] : []
  const tracks = [
    ...(video ? [videoTrack(video, duration, wish.fragmented)] : []),
    ...(wish.audio ? [audioTrack(duration)] : []),
  ]
  const type = box('ftyp', Buffer.from(`${brand}\0\0\u0002\0${brand}mp41`, 'latin1'))
  const movie = box('moov', header, ...tracks, ...extends_)
  const data = box('mdat', payload)
  return Buffer.concat(indexLast ? [type, data, movie] : [type, movie, data])
}

/** A 3GP file of one sound track whose samples are these frames of AMR, as phones record it. */
export function makeAmr3gp(frames: readonly Buffer[], codec: 'samr' | 'sawb' = 'samr'): Buffer {
  const type = box('ftyp', Buffer.from('3gp4\0\0\0\u00003gp4', 'latin1'))
  const data = box('mdat', ...frames)
  const duration = frames.length * 20
  const tables = [
    fullBox('stsd', [1], box(codec, Buffer.alloc(28), box('damr', Buffer.alloc(9)))),
    fullBox('stsz', [0, frames.length, ...frames.map(({ length }) => length)]),
    fullBox('stsc', [1, 1, frames.length, 1]),
    fullBox('stco', [1, type.length + 8]),
  ]
  const name = Buffer.concat([Buffer.alloc(8), Buffer.from('soun'), Buffer.alloc(13)])
  const media = box(
    'mdia',
    fullBox('mdhd', [0, 0, 1_000, duration], Buffer.alloc(4)),
    box('hdlr', name),
    box('minf', box('stbl', ...tables)),
  )
  const track = box('trak', fullBox('tkhd', [0, 0, 1, 0, duration], Buffer.alloc(60)), media)
  const header = fullBox('mvhd', [0, 0, 1_000, duration], Buffer.alloc(80))
  return Buffer.concat([type, data, box('moov', header, track)])
}

function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

function fullBox(type: string, words: number[], rest: Buffer = Buffer.alloc(0)): Buffer {
  const fields = Buffer.alloc(4 + words.length * 4)
  words.forEach((word, index) => fields.writeUInt32BE(word, 4 + index * 4))
  return box(type, fields, rest)
}

function videoTrack(video: NonNullable<Mp4Options['video']>, duration: number, fragmented = false): Buffer {
  const matrix = Buffer.alloc(36)
  const turn = video.turned ? [0, 0x10000, 0, -0x10000, 0, 0] : [0x10000, 0, 0, 0, 0x10000, 0]
  turn.forEach((value, index) => matrix.writeInt32BE(value, index * 4))
  const before = Buffer.alloc(16)
  const track = fullBox('tkhd', [0, 0, 1, 0, duration], Buffer.concat([before, matrix, Buffer.alloc(8)]))
  const sample = Buffer.alloc(78)
  sample.writeUInt16BE(video.width, 24)
  sample.writeUInt16BE(video.height, 26)
  return box('trak', track, media('vide', fragmented ? 0 : duration, box(video.codec ?? 'avc1', sample)))
}

const audioTrack = (duration: number): Buffer =>
  box(
    'trak',
    fullBox('tkhd', [0, 0, 2, 0, duration], Buffer.alloc(60)),
    media('soun', duration, box('mp4a', Buffer.alloc(28))),
  )

function media(handler: string, duration: number, sample: Buffer): Buffer {
  const name = Buffer.concat([Buffer.alloc(8), Buffer.from(handler), Buffer.alloc(13)])
  const table = box('stbl', fullBox('stsd', [1], sample))
  return box(
    'mdia',
    fullBox('mdhd', [0, 0, 1_000, duration], Buffer.alloc(4)),
    box('hdlr', name),
    box('minf', table),
  )
}
