/** A piece of a text as WhatsApp draws it. */
export type Piece =
  | string
  | { kind: 'bold' | 'italic' | 'struck'; pieces: Piece[] }
  | { kind: 'code'; text: string }

/** A line, or several that belong together. */
export type Block =
  | { kind: 'line'; pieces: Piece[] }
  | { kind: 'quote'; lines: Piece[][] }
  | { kind: 'bullets'; items: Piece[][] }
  | { kind: 'numbers'; first: number; items: Piece[][] }
  | { kind: 'code'; text: string }

const marks = { '*': 'bold', _: 'italic', '~': 'struck' } as const
type Mark = keyof typeof marks

/**
 * Reads WhatsApp's formatting: `*bold*`, `_italic_`, `~struck~`, `` `code` ``, three backticks, and lines
 * that begin with `> `, `* `, `- ` or `1. ` (faq.whatsapp.com/539178204879377).
 */
export function readFormatting(text: string): Block[] {
  return text.split(/(```[\s\S]+?```)/).flatMap((part, index, parts) => {
    if (index % 2 === 1) return [{ kind: 'code', text: part.slice(3, -3) } satisfies Block]
    const trimmed = withoutBreaksBesideCode(part, index > 0, index < parts.length - 1)
    return trimmed === '' ? [] : joinLines(trimmed.split('\n').map(readLine))
  })
}

function withoutBreaksBesideCode(part: string, after: boolean, before: boolean): string {
  let trimmed = part
  if (after) trimmed = trimmed.replace(/^\n/, '')
  if (before) trimmed = trimmed.replace(/\n$/, '')
  return trimmed
}

function readLine(line: string): Block {
  const quote = /^> ?(.*)$/.exec(line)
  if (quote?.[1] !== undefined) return { kind: 'quote', lines: [readPieces(quote[1])] }
  const bullet = /^[*-] (.+)$/.exec(line)
  if (bullet?.[1] !== undefined) return { kind: 'bullets', items: [readPieces(bullet[1])] }
  const number = /^(\d{1,3})\. (.+)$/.exec(line)
  if (number?.[2] !== undefined) {
    return { kind: 'numbers', first: Number(number[1]), items: [readPieces(number[2])] }
  }
  return { kind: 'line', pieces: readPieces(line) }
}

function joinLines(blocks: Block[]): Block[] {
  const merged: Block[] = []
  for (const block of blocks) {
    const last = merged.at(-1)
    if (last?.kind === 'quote' && block.kind === 'quote') last.lines.push(...block.lines)
    else if (last?.kind === 'bullets' && block.kind === 'bullets') last.items.push(...block.items)
    else if (last?.kind === 'numbers' && block.kind === 'numbers') last.items.push(...block.items)
    else merged.push(block)
  }
  return merged
}

/** What a formatted text says, on one line and without its marks. */
export function plainText(text: string): string {
  return readFormatting(text).map(plainBlock).join(' ').replaceAll(/\s+/g, ' ').trim()
}

function plainBlock(block: Block): string {
  if (block.kind === 'code') return block.text
  if (block.kind === 'line') return plainPieces(block.pieces)
  return (block.kind === 'quote' ? block.lines : block.items).map(plainPieces).join(' ')
}

function plainPieces(pieces: Piece[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece
      return piece.kind === 'code' ? piece.text : plainPieces(piece.pieces)
    })
    .join('')
}

/** One line's pieces: a mark opens before a word and closes after one; a lone mark is just a character. */
export function readPieces(line: string): Piece[] {
  const pieces: Piece[] = []
  // Marks that nothing further on closes are not looked for again: a long text would take for ever.
  const lone = new Set<string>()
  let plain = ''
  for (let at = 0; at < line.length;) {
    const found = pieceAt(line, at, lone)
    if (found === null) {
      plain += line[at]
      at += 1
      continue
    }
    if (plain !== '') pieces.push(plain)
    plain = ''
    pieces.push(found.piece)
    at = found.end
  }
  if (plain !== '') pieces.push(plain)
  return pieces
}

interface Found {
  piece: Piece
  end: number
}

function pieceAt(line: string, at: number, lone: Set<string>): Found | null {
  const mark = line[at] ?? ''
  if (lone.has(mark)) return null
  if (mark === '`') return codeAt(line, at, lone)
  if (!(mark in marks) || isWord(line[at - 1]) || isSpace(line[at + 1])) return null
  for (let end = at + 2; end < line.length; end += 1) {
    if (line[end] !== mark || isSpace(line[end - 1]) || isWord(line[end + 1])) continue
    const pieces = readPieces(line.slice(at + 1, end))
    return { piece: { kind: marks[mark as Mark], pieces }, end: end + 1 }
  }
  lone.add(mark)
  return null
}

function codeAt(line: string, at: number, lone: Set<string>): Found | null {
  const end = line.indexOf('`', at + 1)
  if (end === -1) lone.add('`')
  return end <= at + 1 ? null : { piece: { kind: 'code', text: line.slice(at + 1, end) }, end: end + 1 }
}

const isWord = (letter: string | undefined) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter)
const isSpace = (letter: string | undefined) => letter === undefined || /\s/.test(letter)
