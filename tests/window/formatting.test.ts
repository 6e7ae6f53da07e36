import { describe, expect, test } from 'vitest'
import { readFormatting, readPieces } from '../../src-renderer/ui/text/formatting.ts'

describe('a line in WhatsApp’s formatting', () => {
  test.each([
    ['*bold*', [{ kind: 'bold', pieces: ['bold'] }]],
    [
      '_italic_ and ~gone~',
      [{ kind: 'italic', pieces: ['italic'] }, ' and ', { kind: 'struck', pieces: ['gone'] }],
    ],
    [
      '*bold _and italic_*',
      [{ kind: 'bold', pieces: ['bold ', { kind: 'italic', pieces: ['and italic'] }] }],
    ],
    ['`code *stays*`', [{ kind: 'code', text: 'code *stays*' }]],
    ['2 * 3 * 4', ['2 * 3 * 4']],
    ['snake_case_name', ['snake_case_name']],
    ['* not bold*', ['* not bold*']],
    ['*never closed', ['*never closed']],
    ['**', ['**']],
    ['(*bold*)!', ['(', { kind: 'bold', pieces: ['bold'] }, ')!']],
  ])('reads %s', (line, pieces) => {
    expect(readPieces(line)).toEqual(pieces)
  })
})

describe('a text in WhatsApp’s formatting', () => {
  test('gathers lines that belong together', () => {
    expect(readFormatting('> one\n> two\n- a\n* b\n1. x\n2. y\nplain')).toEqual([
      { kind: 'quote', lines: [['one'], ['two']] },
      { kind: 'bullets', items: [['a'], ['b']] },
      { kind: 'numbers', first: 1, items: [['x'], ['y']] },
      { kind: 'line', pieces: ['plain'] },
    ])
  })

  test('keeps three backticks over several lines as they are', () => {
    expect(readFormatting('before\n```\n*a*\nb```\nafter')).toEqual([
      { kind: 'line', pieces: ['before'] },
      { kind: 'code', text: '\n*a*\nb' },
      { kind: 'line', pieces: ['after'] },
    ])
  })

  test('keeps empty lines', () => {
    expect(readFormatting('a\n\nb')).toHaveLength(3)
  })

  test('reads the longest text that WhatsApp takes in a moment', () => {
    const before = performance.now()
    readFormatting('*a _b ~c '.repeat(7_281))
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})
