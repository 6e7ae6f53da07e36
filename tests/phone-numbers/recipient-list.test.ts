import { expect, test } from 'vitest'
import {
  maxListLength,
  maxLookUps,
  readRecipients,
  recipientEntries,
} from '../../src-main/lib/phone-numbers/recipient-list.ts'

const read = (text: string) =>
  readRecipients(text, '62').map((one) =>
    'recipient' in one ? one.recipient : `${one.fault.kind}: ${one.written}`,
  )

const [a, b, c] = ['6285500000501', '6285500000502', '6285500000503']

test.each([
  ['6550501,6550502', ['6550501', '6550502']],
  ['6550501;6550502', ['6550501', '6550502']],
  ['6550501|6550502', ['6550501', '6550502']],
  [`${a},${b}`, [a, b]],
  [`${a}, ${b};0855-0000-0503`, [a, b, c]],
  [`${a}、${b}，${c}`, [a, b, c]],
  [`${a}،${b}؛${c}`, [a, b, c]],
  [`${a}；${b}｜${c}`, [a, b, c]],
  [`${a}\r\n${b}\r\n\r\n${c}\n`, [a, b, c]],
  [`${a}\r${b}\u2028${c}`, [a, b, c]],
  [`${a}\u0085${b}\u2029${c}`, [a, b, c]],
  [`${a} ${b}`, [a, b]],
  ['0855 0000 0501 0855 0000 0502 +62 855 0000 0503', [a, b, c]],
  ['085500000501/085500000502', [a, b]],
  ['0855-0000-0501 / 0855-0000-0502 / 0855-0000-0503', [a, b, c]],
  ['6285500000501+6285500000502', [a, b]],
  [`${a},00,${b}`, [a, b]],
  [`${a},0|${b},00`, [a, b]],
  ['6,285,500,000,501;6,285,500,000,502', [a, b]],
  [`${a}, 120363041234567890@g.us\n1@newsletter`, [a, '120363041234567890@g.us', '1@newsletter']],
  ['120363041234567890@G.US', ['120363041234567890@g.us']],
  [' | , ;\n', []],
  ['\u200B|\u2060', []],
])('%j is the list %j', (text, list) => {
  expect(read(text)).toEqual(list)
})

test.each([
  ['1\t085500000501\n2\t085500000502', [a, b]],
  ['1\tBu Sari\t085500000501\t1500000\r\n2\tPak Budi\t085500000502\t2000000', [a, b]],
  ['Bu Sari\t085500000501', [a]],
  ['085500000501\t085500000502', [a, b]],
  ['\t085500000501\t', [a]],
  ['No\tNama\tHP', ['no_number: No\tNama\tHP']],
  ['1\t2\t3', ['no_number: 1\t2\t3']],
  // An invoice and an account, which somebody in Egypt and in Malaysia may have for a number.
  ['20261130001\t085500000501', ['several: 20261130001\t085500000501']],
  ['085500000501\t60123456789', ['several: 085500000501\t60123456789']],
  ['085500000501\t+60123456789', [a, '60123456789']],
  ['60123456789\tBudi', ['60123456789']],
])('of the cells of a line those count that are numbers: %j', (text, list) => {
  expect(read(text)).toEqual(list)
})

test.each([
  ['6285500000501,5', ['decimal: 6285500000501,5']],
  [`${a}, Budi`, [a, 'no_number: Budi']],
  [`${a}|O855`, [a, 'foreign_part: O855']],
  ['6550501 6550502', ['several: 6550501 6550502']],
])('what is no number in a list is told of that part: %j', (text, list) => {
  expect(read(text)).toEqual(list)
})

test.each(['12345671,000,', '1234567,0,', '12345678,1'])(
  'commas that part nothing, %j again and again, are read in one pass',
  (repeated) => {
    const before = process.cpuUsage()
    recipientEntries(repeated.repeat(maxListLength / repeated.length))
    // Some 5 ms, and 600 to 1,000 where each comma looks at the whole list.
    expect(process.cpuUsage(before).user).toBeLessThan(300_000)
  },
)

test('a list of more parts than its look-ups allow is refused without looking up the rest', () => {
  const numbers = (count: number) => Array(count).fill(a).join(' ')
  expect(readRecipients(numbers(maxLookUps), '62', { left: maxLookUps })).toHaveLength(maxLookUps)
  const lookUps = { left: maxLookUps }
  const written = numbers(maxLookUps + 100)
  expect(readRecipients(written, '62', lookUps)).toEqual([{ written, fault: { kind: 'several' } }])
  expect(lookUps.left).toBe(-1)
})
