/** An office file whose kind its package names, by its usual extension. */
export interface OfficeKind {
  readonly name: string
  readonly mimeType: string
}

const openXml = 'application/vnd.openxmlformats-officedocument.'
const openDocument = 'application/vnd.oasis.opendocument.'

/**
 * Kinds by extension, with the types that IANA lists
 * (https://www.iana.org/assignments/media-types, "Office Open XML" and "OpenDocument").
 */
export const officeKinds: Readonly<Record<string, OfficeKind>> = {
  xlsx: { name: 'an Excel file', mimeType: `${openXml}spreadsheetml.sheet` },
  xltx: { name: 'an Excel template', mimeType: `${openXml}spreadsheetml.template` },
  xlsm: {
    name: 'an Excel file with macros',
    mimeType: 'application/vnd.ms-excel.sheet.macroEnabled.12',
  },
  xltm: {
    name: 'an Excel template with macros',
    mimeType: 'application/vnd.ms-excel.template.macroEnabled.12',
  },
  xlam: { name: 'an Excel add-in', mimeType: 'application/vnd.ms-excel.addin.macroEnabled.12' },
  xlsb: {
    name: 'a binary Excel file',
    mimeType: 'application/vnd.ms-excel.sheet.binary.macroEnabled.12',
  },
  docx: { name: 'a Word file', mimeType: `${openXml}wordprocessingml.document` },
  dotx: { name: 'a Word template', mimeType: `${openXml}wordprocessingml.template` },
  docm: { name: 'a Word file with macros', mimeType: 'application/vnd.ms-word.document.macroEnabled.12' },
  dotm: {
    name: 'a Word template with macros',
    mimeType: 'application/vnd.ms-word.template.macroEnabled.12',
  },
  pptx: { name: 'a PowerPoint file', mimeType: `${openXml}presentationml.presentation` },
  potx: { name: 'a PowerPoint template', mimeType: `${openXml}presentationml.template` },
  ppsx: { name: 'a PowerPoint show', mimeType: `${openXml}presentationml.slideshow` },
  pptm: {
    name: 'a PowerPoint file with macros',
    mimeType: 'application/vnd.ms-powerpoint.presentation.macroEnabled.12',
  },
  potm: {
    name: 'a PowerPoint template with macros',
    mimeType: 'application/vnd.ms-powerpoint.template.macroEnabled.12',
  },
  ppsm: {
    name: 'a PowerPoint show with macros',
    mimeType: 'application/vnd.ms-powerpoint.slideshow.macroEnabled.12',
  },
  ppam: { name: 'a PowerPoint add-in', mimeType: 'application/vnd.ms-powerpoint.addin.macroEnabled.12' },
  vsdx: { name: 'a Visio drawing', mimeType: 'application/vnd.ms-visio.drawing' },
  vsdm: {
    name: 'a Visio drawing with macros',
    mimeType: 'application/vnd.ms-visio.drawing.macroEnabled.12',
  },
  vstx: { name: 'a Visio template', mimeType: 'application/vnd.ms-visio.template' },
  xps: { name: 'an XPS document', mimeType: 'application/vnd.ms-xpsdocument' },
  odt: { name: 'an OpenDocument text', mimeType: `${openDocument}text` },
  ott: { name: 'an OpenDocument text template', mimeType: `${openDocument}text-template` },
  odm: { name: 'an OpenDocument master text', mimeType: `${openDocument}text-master` },
  ods: { name: 'an OpenDocument table', mimeType: `${openDocument}spreadsheet` },
  ots: { name: 'an OpenDocument table template', mimeType: `${openDocument}spreadsheet-template` },
  odp: { name: 'an OpenDocument presentation', mimeType: `${openDocument}presentation` },
  otp: {
    name: 'an OpenDocument presentation template',
    mimeType: `${openDocument}presentation-template`,
  },
  odg: { name: 'an OpenDocument drawing', mimeType: `${openDocument}graphics` },
  otg: { name: 'an OpenDocument drawing template', mimeType: `${openDocument}graphics-template` },
  odc: { name: 'an OpenDocument chart', mimeType: `${openDocument}chart` },
  odf: { name: 'an OpenDocument formula', mimeType: `${openDocument}formula` },
  odb: { name: 'an OpenDocument database', mimeType: `${openDocument}base` },
  sxw: { name: 'an OpenOffice text', mimeType: 'application/vnd.sun.xml.writer' },
  sxc: { name: 'an OpenOffice table', mimeType: 'application/vnd.sun.xml.calc' },
  sxi: { name: 'an OpenOffice presentation', mimeType: 'application/vnd.sun.xml.impress' },
  epub: { name: 'an EPUB book', mimeType: 'application/epub+zip' },
}

/**
 * The extension of an Open XML package by the type of its main part (ECMA-376 part 1, 15.2.5 and its kin; [MS-OFFMACRO2]);
 * null where no part is a main one.
 *
 * @param contentTypes the text of `[Content_Types].xml`
 */
export function extensionOfPackage(contentTypes: string): string | null {
  for (const [, type = ''] of contentTypes.matchAll(/ContentType\s*=\s*["']([^"']{1,200})["']/g)) {
    const extension = mainTypes[type.toLowerCase().replace(/(\.main)?(\+xml)?$/, '')]
    if (extension !== undefined && /\.main(\+xml)?$|fixeddocumentsequence\+xml$/i.test(type)) return extension
  }
  return null
}

/** A main part's type is its file's type with another end: `….macroEnabled.12` is `….macroEnabled.main+xml` there. */
const mainTypes: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(officeKinds).map(([extension, { mimeType }]) => [
    mimeType.toLowerCase().replace(/\.12$/, ''),
    extension,
  ]),
  // [MS-OFFMACRO2] 2.2.1.3: the one that does not follow.
  ['application/vnd.ms-word.template.macroenabledtemplate', 'dotm'],
  ['application/vnd.openxmlformats-package.xps-fixeddocumentsequence', 'xps'],
  ['application/vnd.ms-package.xps-fixeddocumentsequence', 'xps'],
]) as Record<string, string>

/** The extension of an OpenDocument package, or an EPUB, by its `mimetype` entry; null for any other. */
export function extensionOfMimeType(mimeType: string): string | null {
  const found = Object.entries(officeKinds).find(([, kind]) => kind.mimeType === mimeType.trim())
  return found?.[0] ?? null
}
