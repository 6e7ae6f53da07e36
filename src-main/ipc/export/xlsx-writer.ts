import { ZipWriter } from './zip-writer.ts'

/** What a sheet of Excel holds at most: rows with the heading (1,048,576), and characters of a cell. */
const maxRowsOfSheet = 1_000_000
export const maxCellCharacters = 32_767

/** A text as it is, or a time in milliseconds since the epoch, shown by the clock of this PC. */
export type Cell = string | number | null

/**
 * Writes a workbook (Office Open XML, ECMA-376) piece by piece, so that a log of any length needs little memory. Every
 * text is a text to Excel, whatever it looks like; rows beyond what a sheet holds go on in the next one.
 */
export class XlsxWriter {
  readonly #zip = new ZipWriter()
  readonly #heading: readonly string[]
  readonly #maxRows: number
  #sheets = 0
  #rows = 0

  constructor(heading: readonly string[], maxRows = maxRowsOfSheet) {
    this.#heading = heading
    this.#maxRows = maxRows
  }

  /** Adds rows. Answers the bytes to be written next. */
  add(rows: readonly (readonly Cell[])[]): Buffer {
    const pieces: Buffer[] = []
    for (let begin = 0; begin < rows.length;) {
      if (this.#sheets === 0 || this.#rows >= this.#maxRows) pieces.push(...this.#beginSheet())
      const some = rows.slice(begin, begin + this.#maxRows - this.#rows)
      pieces.push(this.#zip.add(some.map(rowXml).join('')))
      this.#rows += some.length
      begin += some.length
    }
    return Buffer.concat(pieces)
  }

  /** Answers the last bytes. */
  end(): Buffer {
    const pieces = this.#sheets === 0 ? this.#beginSheet() : []
    pieces.push(this.#zip.add(sheetEnd, true))
    const sheets = Array.from({ length: this.#sheets }, (_, index) => index + 1)
    for (const [name, text] of Object.entries(packageParts(sheets))) {
      pieces.push(this.#zip.begin(name), this.#zip.add(text, true))
    }
    return Buffer.concat([...pieces, this.#zip.end()])
  }

  #beginSheet(): Buffer[] {
    const before = this.#sheets === 0 ? [] : [this.#zip.add(sheetEnd, true)]
    this.#sheets++
    this.#rows = 0
    const name = `xl/worksheets/sheet${String(this.#sheets)}.xml`
    return [...before, this.#zip.begin(name), this.#zip.add(sheetBegin(this.#heading))]
  }
}

const sheetEnd = '</sheetData></worksheet>'

/** The heading stays in view. */
function sheetBegin(heading: readonly string[]): string {
  return (
    `${declaration}<worksheet xmlns="${spreadsheet}main"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="${String(heading.length)}" width="22" customWidth="1"/></cols>` +
    `<sheetData>${rowXml(heading)}`
  )
}

function rowXml(cells: readonly Cell[]): string {
  return `<row>${cells.map(cellXml).join('')}</row>`
}

function cellXml(cell: Cell): string {
  if (cell === null || cell === '') return '<c/>'
  if (typeof cell === 'number') return `<c s="${dateStyle}"><v>${String(serialOf(cell))}</v></c>`
  return `<c s="${textStyle}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`
}

/** Excel counts days of local time since 30 December 1899; 1970 began with day 25,569. */
function serialOf(at: number): number {
  const local = at - new Date(at).getTimezoneOffset() * 60_000
  return 25_569 + Math.round(local / 1_000) / 86_400
}

/** XML 1.0 has no control codes but tab and line ends, and Excel reads _x0041_ as a character's number. */
function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\t\n]|[\uFFFE\uFFFF]/gu, '')
    .replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const spreadsheet = 'http://schemas.openxmlformats.org/spreadsheetml/2006/'
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006/'
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Of the cell formats in styles.xml, by their order: 0 is the usual one. */
const textStyle = '1'
const dateStyle = '2'

const styles =
  `${declaration}<styleSheet xmlns="${spreadsheet}main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>` +
  '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>'

function packageParts(sheets: readonly number[]): Record<string, string> {
  const all = (one: (sheet: string) => string): string => sheets.map((sheet) => one(String(sheet))).join('')
  const stylesId = String(sheets.length + 1)
  return {
    'xl/styles.xml': styles,
    'xl/workbook.xml': `${declaration}<workbook xmlns="${spreadsheet}main" xmlns:r="${relationships}"><sheets>${all(
      (sheet) => `<sheet name="Kurir ${sheet}" sheetId="${sheet}" r:id="rId${sheet}"/>`,
    )}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${declaration}<Relationships xmlns="${packages}relationships">${all(
      (sheet) =>
        `<Relationship Id="rId${sheet}" Type="${relationships}/worksheet" Target="worksheets/sheet${sheet}.xml"/>`,
    )}<Relationship Id="rId${stylesId}" Type="${relationships}/styles" Target="styles.xml"/></Relationships>`,
    '_rels/.rels': `${declaration}<Relationships xmlns="${packages}relationships"><Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    '[Content_Types].xml': `${declaration}<Types xmlns="${packages}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/>${all(
      (sheet) =>
        `<Override PartName="/xl/worksheets/sheet${sheet}.xml" ContentType="${contentType}.worksheet+xml"/>`,
    )}</Types>`,
  }
}
