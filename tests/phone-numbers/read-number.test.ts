import { array, assert, constantFrom, integer, oneof, pre, property, string, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNumber, readNumbers } from '../../src-main/lib/phone-numbers/read-number.ts'
import { refused, special, spellings } from './spellings.ts'

describe.each(spellings)('a number of %s (+%s), %s', (_country, code, number, atHome) => {
  test.each(atHome)('is read at home from %s', (written) => {
    expect(readNumber(written, code)).toEqual({ number })
  })

  test('is read in any country from its international forms', () => {
    for (const settings of [code, '62', '1', '39', '7']) {
      for (const written of [
        `+${number}`,
        `00${number}`,
        `00 ${number}`,
        `＋${number}`,
        `(+${code}) ${number.slice(code.length)}`,
      ]) {
        expect(readNumber(written, settings), `${written} in ${settings}`).toEqual({ number })
      }
    }
  })

  test('is read at home without any prefix, or refused where somebody else may have it', () => {
    const read = readNumber(number.slice(code.length), code)
    if ('fault' in read) expect(read.fault.kind).toBe('ambiguous')
    else expect(read.number).toBe(number)
  })

  test('is read in Indonesia from its digits, or refused where an Indonesian may have them', () => {
    const read = readNumber(number, '62')
    if ('fault' in read)
      expect(read.fault).toMatchObject({ kind: 'ambiguous', numbers: [number, `62${number}`] })
    else expect(read.number).toBe(number)
  })
})

test.each(special)('with country code %s, %s is %s', (code, written, number) => {
  expect(readNumber(written, code)).toEqual({ number })
})

test.each(refused)('with country code %s, %s is refused: %s %s', (code, written, kind, part) => {
  const read = readNumber(written, code)
  expect(read).toMatchObject({ fault: part === undefined ? { kind } : { kind, part } })
})

const someNumber = constantFrom(...spellings.map(([, , number]) => number))
const between = constantFrom(
  '',
  ' ',
  '-',
  '.',
  '  ',
  '\u00A0',
  '\u2011',
  '–',
  '\u200B',
  '\u200E',
  ' - ',
  ')(',
  '\u2009',
)
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce]
const inFront = constantFrom('', ' ', "'", '"', 'HP: ', 'WA ', 'tel:', 'No. HP ', '📱', '=" ', '• ', '\u202A')
const behind = constantFrom('', ' ', '"', '.', ' (Bu Sari)', ' WA', '\u202C', ' Toko Maju', '>', ')')

test('an international number has exactly its digits, whatever stands between and around them', () => {
  assert(
    property(
      someNumber,
      array(tuple(between, constantFrom(...zeros)), { minLength: 16, maxLength: 16 }),
      inFront,
      behind,
      constantFrom('+', '00', '(+'),
      (number, marks, front, back, prefix) => {
        const digits = Array.from(number).map((digit, index) => {
          const [mark, zero] = marks[index] ?? ['', 0x30]
          // A blank parts a single digit at the end, which is refused, and numbers of seven digits and more.
          const quiet = /\s/u.test(mark) || mark === ')(' ? '-' : mark
          return (index === 0 ? '' : quiet) + String.fromCodePoint(zero + Number(digit))
        })
        // A point in front of nothing but zeros is a spreadsheet's fraction, which is left out.
        const written = digits.join('')
        const [, ...parts] = written.split(/[.,]/)
        const fraction = parts.at(-1)?.match(/\p{Nd}/gu)?.length ?? 0
        pre(fraction === 0 || Number(number.slice(-fraction)) > 0)
        const read = readNumber(front + prefix + written + back, '62')
        // Points before one or two last digits are a decimal part.
        if ('fault' in read) expect(read.fault.kind).toBe('decimal')
        else expect(read.number).toBe(number)
      },
    ),
    { numRuns: 2_000 },
  )
})

const anything = array(
  oneof(
    { weight: 8, arbitrary: constantFrom(...'0123456789'.split('')) },
    {
      weight: 2,
      arbitrary: constantFrom(
        ' ',
        '-',
        '.',
        '/',
        '(',
        ')',
        '+',
        ':',
        '00',
        '+62',
        '08',
        '62',
        '(0)',
        '٣',
        '７',
      ),
    },
    constantFrom(
      ',',
      ',0',
      '.0',
      'O',
      'l',
      '²',
      '①',
      'HP',
      'wa.me/',
      'E+12',
      '@c.us',
      '@lid',
      '📱',
      "'",
      '%2B',
      '\u200B',
      'x',
    ),
    string({ maxLength: 2 }),
  ),
  { maxLength: 22 },
).map((parts) => parts.join(''))

/** The digits that a reader sees, from left to right. */
function seen(written: string): string {
  const decoded = written.replaceAll(/%2B/gi, '+').replace(/^(.*)@.*$/s, '$1')
  return Array.from(decoded.replaceAll(/[^\p{Nd}]/gu, ''))
    .map((digit) =>
      String(Number(digit.normalize('NFKC').replace(/[٠-٩]/, (one) => String(one.charCodeAt(0) - 0x660)))),
    )
    .join('')
}

function without(digits: string, end: string): string {
  return digits.slice(0, digits.length - end.length)
}

test('whatever is accepted has all digits that are seen, in their order, and none besides a prefix', () => {
  let accepted = 0
  assert(
    property(anything, constantFrom('62', '39', '1', '7', '54', '34', '225'), (written, code) => {
      const read = readNumber(written, code)
      if (!('number' in read)) return
      accepted++
      expect(read.number).toMatch(/^[1-9]\d{6,14}$/)
      expect(written).not.toMatch(/[²①Ol]\s*\p{Nd}|E\+12|@lid/u)
      const digits = seen(written)
      // Taken off: 00, a country's own prefixes, a zero fraction, a device. Put before: the country's code.
      const fraction = /[.,](0+)[^\p{N}]*$/u.exec(written.replace(/@.*$/s, ''))?.[1] ?? ''
      const device = /:(\p{Nd}{1,3})(?:@|[^\p{N}]*$)/u.exec(written)?.[1] ?? ''
      const noted = seen(written.replace(/\(\s*0\s*\)/, ''))
      const ends = [digits, noted].flatMap((all) => [all, without(all, fraction), without(all, device)])
      const isItself = ends.some((end) =>
        [0, 1, 2, 3, 4, 5, 6, 7].some((prefix) => {
          const rest = end.slice(prefix)
          return (
            rest.length >= 5 &&
            (read.number === rest ||
              read.number === code + rest ||
              read.number.endsWith(`9${rest}`) ||
              read.number.endsWith(rest))
          )
        }),
      )
      expect(isItself, `${JSON.stringify(written)} became ${read.number}`).toBe(true)
    }),
    { numRuns: 20_000 },
  )
  expect(accepted).toBeGreaterThan(500)
})

test('a number written with + or 00 is never rewritten', () => {
  assert(
    property(
      constantFrom('+', '00', '＋', ' +'),
      integer({ min: 1, max: 9 }),
      array(constantFrom(...'0123456789'.split('')), { minLength: 5, maxLength: 16 }),
      constantFrom('62', '39', '1', '7', '54', '55', '52', '81'),
      (plus, first, rest, code) => {
        const digits = String(first) + rest.join('')
        const read = readNumber(plus + digits, code)
        // The one thing that goes is a 0 behind the own country's code, where that country has no such numbers.
        if ('number' in read && !digits.startsWith(`${code}0`)) expect(read.number).toBe(digits)
      },
    ),
    { numRuns: 5_000 },
  )
})

test('every practice number means itself, in every spelling', () => {
  assert(
    property(integer({ min: 0, max: 99_999_999 }), (value) => {
      const rest = String(value).padStart(8, '0')
      const number = `62855${rest}`
      for (const written of [
        number,
        `+${number}`,
        `0855${rest}`,
        `0855-${rest.slice(0, 4)}-${rest.slice(4)}`,
        `00${number}`,
      ]) {
        expect(readNumber(written, '62')).toEqual({ number })
      }
    }),
    { numRuns: 500 },
  )
})

test.each([' ', "'", ')', '/', '.', '(0)', '0 '])(
  '16,000 characters of "%s" are read in a moment',
  (unit) => {
    const began = process.cpuUsage().user
    for (const end of ['x', '1']) readNumbers(`0812${unit.repeat(16_000 / unit.length)}${end}`, '62')
    // Seconds of a processor, in microseconds: of numbers of one digit it was minutes and more.
    expect(process.cpuUsage().user - began).toBeLessThan(15_000_000)
  },
)
