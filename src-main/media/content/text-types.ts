/**
 * Types of texts by the extension that their users go by (https://www.iana.org/assignments/media-types). Office programs
 * are among them: they open HTML, XML and tables under their own extensions.
 */
const textTypes: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  text: 'text/plain',
  log: 'text/plain',
  prn: 'text/plain',
  ini: 'text/plain',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  tab: 'text/tab-separated-values',
  md: 'text/markdown',
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'application/xhtml+xml',
  mht: 'multipart/related',
  mhtml: 'multipart/related',
  xml: 'application/xml',
  xsl: 'application/xml',
  xsd: 'application/xml',
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  kml: 'application/vnd.google-earth.kml+xml',
  gpx: 'application/gpx+xml',
  svg: 'image/svg+xml',
  json: 'application/json',
  geojson: 'application/geo+json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  sql: 'application/sql',
  css: 'text/css',
  js: 'text/javascript',
  eml: 'message/rfc822',
  mbox: 'application/mbox',
  vcf: 'text/vcard',
  vcs: 'text/x-vcalendar',
  ics: 'text/calendar',
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  ps: 'application/postscript',
  eps: 'application/postscript',
  rtf: 'application/rtf',
  xls: 'application/vnd.ms-excel',
  xlt: 'application/vnd.ms-excel',
  xla: 'application/vnd.ms-excel',
  xlw: 'application/vnd.ms-excel',
  slk: 'application/vnd.ms-excel',
  dif: 'application/vnd.ms-excel',
  doc: 'application/msword',
  dot: 'application/msword',
  ppt: 'application/vnd.ms-powerpoint',
  pps: 'application/vnd.ms-powerpoint',
  pot: 'application/vnd.ms-powerpoint',
}

/** Types of other OLE files, whose directories do not tell them. */
const oleTypes: Readonly<Record<string, string>> = {
  msg: 'application/vnd.ms-outlook',
  msi: 'application/x-msi',
  vsd: 'application/vnd.visio',
  pub: 'application/x-mspublisher',
  mpp: 'application/vnd.ms-project',
}

/** Types of packages that say nothing of themselves in a way that is read; they are all zip archives. */
const zipTypes: Readonly<Record<string, string>> = {
  kmz: 'application/vnd.google-earth.kmz',
  cdr: 'application/vnd.corel-draw',
  thmx: 'application/vnd.ms-officetheme',
  idml: 'application/vnd.adobe.indesign-idml-package',
  sxd: 'application/vnd.sun.xml.draw',
  sxm: 'application/vnd.sun.xml.math',
  stw: 'application/vnd.sun.xml.writer.template',
  stc: 'application/vnd.sun.xml.calc.template',
  sti: 'application/vnd.sun.xml.impress.template',
  pages: 'application/vnd.apple.pages',
  numbers: 'application/vnd.apple.numbers',
  key: 'application/vnd.apple.keynote',
  '3mf': 'model/3mf',
  cbz: 'application/vnd.comicbook+zip',
}

export const typeOfZipExtension = (extension: string): string | null =>
  zipTypes[extension.toLowerCase()] ?? null

/** The type that an extension stands for where the content is a text, or says nothing; null for extensions of no text. */
export const typeOfTextExtension = (extension: string): string | null =>
  textTypes[extension.toLowerCase()] ?? null

export const typeOfOleExtension = (extension: string): string | null =>
  oleTypes[extension.toLowerCase()] ?? typeOfTextExtension(extension)

/** The extension of a text for which a server or a program names this type; null for types that say no more than "text". */
export function extensionOfTextType(mimeType: string | null): string | null {
  const [, type = ''] = /^\s*([a-z0-9.+-]+\/[a-z0-9.+-]+)/i.exec(mimeType ?? '') ?? []
  const name = type.toLowerCase()
  if (name === 'text/plain' || name === 'text/html') return null
  const found = Object.entries(textTypes).find(([, known]) => known === name)
  return found?.[0] ?? null
}

/** Which extensions a text may have that is sent as media_type xls or doc: what Excel and Word open as their own. */
const officeTexts = {
  xls: new Set(['xls', 'xlt', 'xla', 'xlw', 'csv', 'tsv', 'tab', 'slk', 'dif']),
  doc: new Set(['doc', 'dot', 'rtf', 'mht', 'mhtml']),
} as const

export const isOfficeTextExtension = (program: keyof typeof officeTexts, extension: string): boolean =>
  officeTexts[program].has(extension.toLowerCase())
