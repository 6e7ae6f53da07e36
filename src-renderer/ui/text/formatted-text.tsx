// oxlint-disable react/no-array-index-key -- pieces of a text have no identity but their place
import { useMemo, type ReactNode } from 'react'
import { assertNever } from '../../assert-never.ts'
import classes from './formatted-text.module.css'
import { readFormatting, type Block, type Piece } from './formatting.ts'

/** A text as WhatsApp draws it. */
export function FormattedText({ text }: { text: string }) {
  const blocks = useMemo(() => readFormatting(text), [text])
  return <div className={classes.text}>{blocks.map((block, index) => drawBlock(block, index))}</div>
}

function drawBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case 'line':
      return <div key={key}>{block.pieces.length === 0 ? '\u00A0' : drawPieces(block.pieces)}</div>
    case 'code':
      return (
        <code key={key} className={classes.block}>
          {block.text}
        </code>
      )
    case 'quote':
      return (
        <blockquote key={key} className={classes.quote}>
          {block.lines.map((line, index) => (
            <div key={index}>{drawPieces(line)}</div>
          ))}
        </blockquote>
      )
    case 'bullets':
      return (
        <ul key={key} className={classes.list}>
          {drawItems(block.items)}
        </ul>
      )
    case 'numbers':
      return (
        <ol key={key} start={block.first} className={classes.list}>
          {drawItems(block.items)}
        </ol>
      )
    default:
      return assertNever(block)
  }
}

const drawItems = (items: Piece[][]) => items.map((item, index) => <li key={index}>{drawPieces(item)}</li>)

const drawPieces = (pieces: Piece[]): ReactNode => pieces.map((piece, index) => drawPiece(piece, index))

function drawPiece(piece: Piece, key: number): ReactNode {
  if (typeof piece === 'string') return piece
  switch (piece.kind) {
    case 'code':
      return <code key={key}>{piece.text}</code>
    case 'bold':
      return <strong key={key}>{drawPieces(piece.pieces)}</strong>
    case 'italic':
      return <em key={key}>{drawPieces(piece.pieces)}</em>
    case 'struck':
      return <s key={key}>{drawPieces(piece.pieces)}</s>
    default:
      return assertNever(piece)
  }
}
