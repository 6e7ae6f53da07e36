/** What a format is called, how it is served, and how its files are named; the first extension is the usual one. */
interface FormatFacts {
  readonly name: string
  readonly mimeType: string
  readonly extensions: readonly [string, ...string[]]
}

/** The same container under the names of films: a recorder names a sound so, too. */
const films = ['mp4', 'm4b', 'mov', '3gp', '3g2'] as const

const handlerContext = 'application/vnd.openxmlformats-officedocument.'

/** Every format that some rule of Kurir names. All others are `other`. */
export const formats = {
  jpeg: { name: 'a JPEG image', mimeType: 'image/jpeg', extensions: ['jpg', 'jpeg', 'jpe', 'jfif'] },
  png: { name: 'a PNG image', mimeType: 'image/png', extensions: ['png', 'apng'] },
  gif: { name: 'a GIF image', mimeType: 'image/gif', extensions: ['gif'] },
  webp: { name: 'a WebP image', mimeType: 'image/webp', extensions: ['webp'] },
  tiff: { name: 'a TIFF image', mimeType: 'image/tiff', extensions: ['tif', 'tiff'] },
  avif: { name: 'an AVIF image', mimeType: 'image/avif', extensions: ['avif'] },
  heic: { name: 'a HEIC image', mimeType: 'image/heic', extensions: ['heic', 'heif'] },
  bmp: { name: 'a BMP image', mimeType: 'image/bmp', extensions: ['bmp'] },
  svg: { name: 'an SVG drawing', mimeType: 'image/svg+xml', extensions: ['svg'] },
  mp4: { name: 'an MP4 video', mimeType: 'video/mp4', extensions: ['mp4', 'm4v'] },
  threeGp: { name: 'a 3GP video', mimeType: 'video/3gpp', extensions: ['3gp', '3g2'] },
  mov: { name: 'a QuickTime video', mimeType: 'video/quicktime', extensions: ['mov', 'qt'] },
  webm: { name: 'a WebM video', mimeType: 'video/webm', extensions: ['webm'] },
  mkv: { name: 'a Matroska video', mimeType: 'video/x-matroska', extensions: ['mkv'] },
  avi: { name: 'an AVI video', mimeType: 'video/x-msvideo', extensions: ['avi'] },
  mp3: { name: 'an MP3 sound', mimeType: 'audio/mpeg', extensions: ['mp3'] },
  m4a: { name: 'an M4A sound', mimeType: 'audio/mp4', extensions: ['m4a', ...films] },
  alac: { name: 'an Apple Lossless sound', mimeType: 'audio/mp4', extensions: ['m4a', ...films] },
  mp4Opus: { name: 'an MP4 sound in Opus', mimeType: 'audio/mp4', extensions: ['m4a', ...films] },
  /** Its codec is none that WhatsApp plays and none that is decoded here. */
  mp4Sound: { name: 'an MP4 sound in a rare codec', mimeType: 'audio/mp4', extensions: ['m4a', ...films] },
  threeGpAmr: {
    name: 'a 3GP sound in AMR',
    mimeType: 'audio/3gpp',
    extensions: ['3gp', '3g2', 'mp4', 'm4a'],
  },
  webmOpus: { name: 'a WebM sound in Opus', mimeType: 'audio/webm', extensions: ['webm', 'weba', 'mka'] },
  webmSound: {
    name: 'a WebM or Matroska sound',
    mimeType: 'audio/webm',
    extensions: ['webm', 'weba', 'mka'],
  },
  cafOpus: { name: 'a Core Audio sound in Opus', mimeType: 'audio/x-caf', extensions: ['caf'] },
  caf: { name: 'a Core Audio sound', mimeType: 'audio/x-caf', extensions: ['caf'] },
  aiff: { name: 'an AIFF sound', mimeType: 'audio/aiff', extensions: ['aiff', 'aif', 'aifc'] },
  aac: { name: 'an AAC sound', mimeType: 'audio/aac', extensions: ['aac'] },
  amr: { name: 'an AMR sound', mimeType: 'audio/amr', extensions: ['amr'] },
  opus: { name: 'an Ogg Opus sound', mimeType: 'audio/ogg; codecs=opus', extensions: ['ogg', 'opus', 'oga'] },
  vorbis: { name: 'an Ogg Vorbis sound', mimeType: 'audio/ogg', extensions: ['ogg', 'oga'] },
  wav: { name: 'a WAV sound', mimeType: 'audio/wav', extensions: ['wav', 'wave'] },
  oggFlac: { name: 'an Ogg FLAC sound', mimeType: 'audio/ogg', extensions: ['oga', 'ogg'] },
  flac: { name: 'a FLAC sound', mimeType: 'audio/flac', extensions: ['flac'] },
  // Illustrator's own files are PDFs.
  pdf: { name: 'a PDF', mimeType: 'application/pdf', extensions: ['pdf', 'ai'] },
  xls: {
    name: 'an old Excel file',
    mimeType: 'application/vnd.ms-excel',
    extensions: ['xls', 'xlt', 'xla', 'xlw'],
  },
  doc: { name: 'an old Word file', mimeType: 'application/msword', extensions: ['doc', 'dot'] },
  xlsx: { name: 'an Excel file', mimeType: `${handlerContext}spreadsheetml.sheet`, extensions: ['xlsx'] },
  docx: { name: 'a Word file', mimeType: `${handlerContext}wordprocessingml.document`, extensions: ['docx'] },
  /** An OLE container that wraps an encrypted package: which kind of Office file cannot be seen. */
  encryptedOffice: {
    name: 'a password-protected Office file',
    mimeType: 'application/octet-stream',
    extensions: ['docx', 'xlsx', 'pptx', 'xlsm', 'docm', 'pptm', 'xlsb', 'xltx', 'xltm', 'dotx', 'dotm'],
  },
  /** Any other OLE container: its own kind, or its name, says more. */
  ole: { name: 'an OLE file', mimeType: 'application/x-ole-storage', extensions: ['bin'] },
  zip: { name: 'a zip archive', mimeType: 'application/zip', extensions: ['zip'] },
  html: { name: 'a web page', mimeType: 'text/html', extensions: ['html', 'htm'] },
  xml: { name: 'an XML text', mimeType: 'application/xml', extensions: ['xml'] },
  rtf: { name: 'a rich text (RTF)', mimeType: 'application/rtf', extensions: ['rtf'] },
  vcard: { name: 'a contact card', mimeType: 'text/vcard', extensions: ['vcf'] },
  calendar: { name: 'a calendar file', mimeType: 'text/calendar', extensions: ['ics'] },
  json: { name: 'a JSON text', mimeType: 'application/json', extensions: ['json'] },
  text: { name: 'a text', mimeType: 'text/plain', extensions: ['txt'] },
} as const satisfies Record<string, FormatFacts>

export type Format = keyof typeof formats

/** What the content itself says that it is; `moves`: a picture of several frames;
 * `tagBytes`: of an ID3 tag in front of a sound. `other`: known, but to no rule; `unknown`: nothing is recognised. */
export type Sniffed =
  | {
      format: Format
      name: string
      mimeType: string
      extension: string
      damaged?: true
      moves?: true
      tagBytes?: number
    }
  | { format: 'other'; name: string; mimeType: string; extension: string }
  | { format: 'unknown'; name: string; mimeType: null; extension: null }

/** Formats that are text: what they are for, their names say better than their content. */
const textFormats = new Set<string>([
  'text',
  'html',
  'xml',
  'json',
  'svg',
  'rtf',
  'vcard',
  'calendar',
] satisfies Format[])

export const isTextFormat = ({ format }: Sniffed): boolean => textFormats.has(format)

/** Its kind is plain, but it was cut short or its index is broken. */
export const damaged = (content: Sniffed): Sniffed =>
  content.format === 'other' || content.format === 'unknown' ? content : { ...content, damaged: true }

export function sniffed(format: Format): Sniffed {
  const { name, mimeType, extensions } = formats[format]
  return { format, name, mimeType, extension: extensions[0] }
}

export const nothingKnown: Sniffed = {
  format: 'unknown',
  name: 'of no kind that is recognised',
  mimeType: null,
  extension: null,
}
