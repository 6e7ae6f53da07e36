import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { MediaType } from '../../src-main/media/files/media-file.ts'
import { makeAmr3gp, makeMp4 } from '../media/files/mp4-file.ts'
import { makeCompoundFile, makeDocx, makePdf, makeXlsx, makeZip } from '../media/files/office-files.ts'
import { makeAiff, makeVoice, makeWav } from '../media/files/sound-files.ts'
import type { Seeded } from './seeded.ts'

/** A file whose structure is known: `marks` are the names of its parts, by which they are found. */
interface SampleFile {
  readonly mediaTypes: readonly MediaType[]
  readonly bytes: Buffer
  readonly marks: readonly string[]
}

export const fileKinds = ['pictures', 'sounds', 'videos', 'zip', 'ole', 'pdf', 'texts'] as const
export type FileKind = (typeof fileKinds)[number]

const fixture = (name: string): Promise<Buffer> =>
  readFile(join(import.meta.dirname, '..', 'media', 'fixtures', name))

const boxes = 'ftyp moov mdat trak mdia stbl stsd stsz stsc stco mvhd mdhd hdlr esds avcC moof trun'.split(
  ' ',
)

/** Whole files of every kind that the program looks into. */
export async function sampleFiles(): Promise<Record<FileKind, SampleFile[]>> {
  const picture = sharp({
    create: {
      width: 90,
      height: 60,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 9, sigma: 9 },
    },
  })
  const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const
  const stills = await Promise.all(formats.map((format) => picture.clone().toFormat(format).toBuffer()))
  const pictures = [
    ...stills,
    await picture.clone().jpeg({ progressive: true }).toBuffer(),
    ...(await Promise.all(['moving.png', 'moving.avif', 'picture.heic'].map(fixture))),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>'),
  ]
  const voice = makeVoice(0.5, 16_000)
  const soundNames = [
    'voice.mp3',
    'voice.m4a',
    'voice.aac',
    'voice.webm',
    'voice-laced.mka',
    'voice-opus.caf',
    'voice-opus.mp4',
    'voice-alac.caf',
    'voice-vorbis.ogg',
    'voice-flac.oga',
  ]
  const amr = Array.from({ length: 20 }, () => Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31)]))
  const sounds = [
    ...(await Promise.all(soundNames.map(fixture))),
    makeWav(voice, { sampleRate: 16_000 }),
    makeAiff(voice, 16_000),
    makeAmr3gp(amr),
  ]
  const videos = [
    makeMp4({ audio: true }),
    ...(await Promise.all(['fragmented.mp4', 'hev1.mp4', 'video-opus.mp4'].map(fixture))),
  ]
  const types =
    '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
  const zips = [
    makeXlsx(),
    makeDocx(),
    makeZip({ '[Content_Types].xml': types, 'xl/workbook.xml': '<w/>' }),
    makeZip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<c/>' }),
    makeZip({ 'a.txt': 'isi' }),
  ]
  const texts = [
    'kode;nama\r\n1;Kopi\r\n',
    '{"a":[1,2,{"b":null}]}',
    '<?xml version="1.0"?><Workbook><a b="c"/></Workbook>',
    '<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>',
    '{\\rtf1\\ansi Halo}',
    'BEGIN:VCARD\r\nEND:VCARD\r\n',
    'Tanda:\n%PDF- adalah awal\n%%EOF',
    '\ufeffHalo dunia',
  ].map((text) => Buffer.from(text))
  const files = (
    mediaTypes: readonly MediaType[],
    marks: readonly string[],
    list: readonly Buffer[],
  ): SampleFile[] => list.map((bytes) => ({ mediaTypes, bytes, marks }))
  return {
    pictures: files(
      ['image'],
      ['\xff\xc0', '\xff\xda', 'IHDR', 'IDAT', 'acTL', 'VP8', 'ANIM', 'ftyp', 'meta'],
      pictures,
    ),
    sounds: files(
      ['audio'],
      [...boxes, 'ID3', 'OggS', 'OpusHead', 'fmt ', 'COMM', 'desc', 'pakt', 'kuki'],
      sounds,
    ),
    videos: files(['video'], boxes, videos),
    zip: files(['zip', 'xlsx', 'docx', 'document'], ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06'], zips),
    ole: files(
      ['xls', 'doc', 'document'],
      ['R\0o\0o\0t\0', 'W\0o\0r\0k\0'],
      ['Workbook', 'WordDocument', 'EncryptedPackage', 'x'].map((stream) => makeCompoundFile(stream)),
    ),
    pdf: files(['pdf', 'document'], ['%PDF-', 'xref', 'startxref', '%%EOF', 'obj'], [makePdf()]),
    texts: files(['xls', 'doc', 'document'], ['<', '{', ':', '%PDF-'], texts),
  }
}

export interface MutatedFile {
  readonly mediaType: MediaType
  readonly fileName: string
  readonly voice: boolean
  readonly bytes: Buffer
}

const extensions = ['', '.pdf', '.xls', '.docx', '.html', '.csv', '.jpg', '.mp3', '.txt', '.xlsm', '.mp4']

/** One of the samples with faults where its structure is: lengths, names of parts, parts lost, doubled, moved or mixed. */
export function mutateFile(samples: readonly SampleFile[], seeded: Seeded): MutatedFile {
  const sample = seeded.one(samples)
  let bytes: Buffer = Buffer.from(sample.bytes)
  for (let changes = seeded.below(6); changes >= 0; changes -= 1) {
    bytes = mutated(bytes, sample, seeded, samples)
  }
  return {
    mediaType: seeded.one(sample.mediaTypes),
    fileName: `berkas${seeded.one(extensions)}`,
    voice: seeded.once(3),
    bytes: bytes.length === 0 ? Buffer.from([seeded.below(256)]) : bytes.subarray(0, 400_000),
  }
}

function mutated(bytes: Buffer, sample: SampleFile, seeded: Seeded, samples: readonly SampleFile[]): Buffer {
  const at = placeIn(bytes, sample.marks, seeded)
  switch (seeded.below(9)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + seeded.below(64))])
    case 2:
      return Buffer.concat([bytes.subarray(0, at), seeded.bytes(seeded.below(40)), bytes.subarray(at)])
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - seeded.below(500)))])
    case 4: {
      const other = seeded.one(samples).bytes
      return Buffer.concat([bytes.subarray(0, at), other.subarray(seeded.below(other.length))])
    }
    case 5:
      return withNumber(bytes, at - 4, seeded)
    case 6:
      return withNumber(bytes, at + 4 + seeded.below(40), seeded)
    case 7:
      return bytes.fill(seeded.one([0, 0xff, 0x20]), at, Math.min(bytes.length, at + seeded.below(200)))
    default: {
      if (bytes.length > 0) bytes[Math.min(at, bytes.length - 1)] = seeded.below(256)
      return bytes
    }
  }
}

/** Mostly beside the name of a part: there its length and its fields are. */
function placeIn(bytes: Buffer, marks: readonly string[], seeded: Seeded): number {
  const found = bytes.indexOf(Buffer.from(seeded.one(marks), 'latin1'), seeded.below(bytes.length + 1))
  return found === -1 || seeded.once(4) ? seeded.below(bytes.length + 1) : found
}

function withNumber(bytes: Buffer, at: number, seeded: Seeded): Buffer {
  if (at < 0 || at + 4 > bytes.length) return bytes
  if (seeded.once(2)) bytes.writeUInt32BE(seeded.awkward(), at)
  else bytes.writeUInt32LE(seeded.awkward(), at)
  return bytes
}
