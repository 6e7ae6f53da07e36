import type { FileHandle } from 'node:fs/promises'
import { damaged, sniffed, type Sniffed } from '../formats.ts'
import { extensionOfMimeType, extensionOfPackage, officeKinds } from './office-kinds.ts'
import { readEntry, readZip, type ZipArchive } from './zip-archive.ts'

/** Tells office files, books and apps from plain archives: by what the package says of itself, else by its entries. */
export async function formatOfZip(file: FileHandle): Promise<Sniffed> {
  const archive = await readZip(file)
  if (archive === null) return damaged(sniffed('zip'))
  const said = (await saidByOpenXml(file, archive)) ?? (await saidByOpenDocument(file, archive))
  return said ?? byEntries(archive)
}

/** A list of parts is a few KiB. */
const maxListBytes = 1_048_576

async function saidByOpenXml(file: FileHandle, archive: ZipArchive): Promise<Sniffed | null> {
  const text = await textOf(file, archive, '[content_types].xml')
  const extension = text === null ? null : extensionOfPackage(text)
  return extension === null ? null : officeFile(extension)
}

/** OpenDocument 1.3 part 2, 3.3: the type stands in an entry of its own, and again in the manifest. */
async function saidByOpenDocument(file: FileHandle, archive: ZipArchive): Promise<Sniffed | null> {
  const type = await textOf(file, archive, 'mimetype')
  const named = type === null ? null : extensionOfMimeType(type)
  if (named !== null) return officeFile(named)
  const manifest = (await textOf(file, archive, 'meta-inf/manifest.xml')) ?? ''
  const [, listed = ''] = /full-path="\/"[^>]{0,200}media-type="([^"]{1,100})"/.exec(manifest) ?? []
  const [, reversed = ''] = /media-type="([^"]{1,100})"[^>]{0,200}full-path="\/"/.exec(manifest) ?? []
  const extension = extensionOfMimeType(listed || reversed)
  return extension === null ? null : officeFile(extension)
}

async function textOf(file: FileHandle, { entries }: ZipArchive, name: string): Promise<string | null> {
  const entry = entries.get(name)
  const content = entry ? await readEntry(file, entry, maxListBytes) : null
  if (content === null) return null
  return content[0] === 0xff && content[1] === 0xfe
    ? content.toString('utf16le', 2)
    : content.toString('utf8')
}

function officeFile(extension: string): Sniffed {
  if (extension === 'xlsx' || extension === 'docx') return sniffed(extension)
  const { name, mimeType } = officeKinds[extension] as (typeof officeKinds)[string]
  return { format: 'other', name, mimeType, extension }
}

function byEntries({ entries }: ZipArchive): Sniffed {
  return rules.find(([entry]) => entries.has(entry))?.[1]() ?? sniffed('zip')
}

/** A package that does not say what it is; macros are an entry of their own ([MS-OVBA]). */
const rules: readonly (readonly [entry: string, is: () => Sniffed])[] = [
  ['xl/vbaproject.bin', () => officeFile('xlsm')],
  ['word/vbaproject.bin', () => officeFile('docm')],
  ['ppt/vbaproject.bin', () => officeFile('pptm')],
  ['xl/workbook.xml', () => sniffed('xlsx')],
  ['word/document.xml', () => sniffed('docx')],
  ['xl/workbook.bin', () => officeFile('xlsb')],
  ['ppt/presentation.xml', () => officeFile('pptx')],
  ['androidmanifest.xml', () => other('an Android app', 'application/vnd.android.package-archive', 'apk')],
  ['meta-inf/container.xml', () => officeFile('epub')],
  ['meta-inf/manifest.mf', () => other('a Java archive', 'application/java-archive', 'jar')],
]

const other = (name: string, mimeType: string, extension: string): Sniffed => ({
  format: 'other',
  name,
  mimeType,
  extension,
})
