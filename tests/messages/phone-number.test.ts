import { expect, test } from 'vitest'
import { recipients } from '../../src-main/messages/submit/call-recipients.ts'
import { problemOf } from '../../src-main/lib/phone-numbers/number-fault.ts'
import { readNumber } from '../../src-main/lib/phone-numbers/read-number.ts'
import { isNumber } from '../../src-main/sandbox/accounts/sandbox-numbers.ts'

function read(text: string, countryCode: string): { number: string } | { problem: string } {
  const number = readNumber(text, countryCode)
  return 'number' in number ? number : { problem: problemOf(number.fault) }
}

const same = '6281234567890'
test.each([
  ['6281234567890', same],
  ['+62 812-3456-7890', same],
  [' 62 812 3456 7890', same],
  ['081234567890', same],
  ['0812-3456-7890', same],
  ['0062 812 3456 7890', same],
  ['00 62 0812 3456 7890', same],
  ['62081234567890', same],
  ['+62 (0) 812 3456 7890', same],
  ['(0812) 3456.7890', same],
  ['６２８１２３４５６７８９０', same],
  ['6281234567890@s.whatsapp.net', same],
  ['6281234567890@c.us', same],
  ['6281234567890:3@s.whatsapp.net', same],
  ['6281234567890:107@s.whatsapp.net', same],
  ['6281234567890:12', same],
  ['6281234567890.0', same],
  ['+6281234567890.0', same],
  ['+62 812 3456 7890.0', same],
  ['6281234567890.00', same],
  ['6281234567890.0@c.us', same],
  ['0812:34:56:78:90', same],
  ['0812.3456.7890', same],
  ['081234567.890', same],
  ['tel:+62-812-3456-7890', same],
  ['+1 415 555 2671', '14155552671'],
  ['08123456', '628123456'],
  ['+290 2345', '2902345'],
  ['628123456789012', '628123456789012'],
])('%s is %s', (text, number) => {
  expect(read(text, '62')).toEqual({ number })
})

test.each([
  ['', 'number_invalid'],
  ['abc', 'number_invalid'],
  ['+', 'number_invalid'],
  ['6281234567890@example.com', 'number_invalid'],
  ['6281234567890@lid', 'number_invalid'],
  ['6.28123456789E+12', 'number_invalid'],
  ['6,28123E+12', 'number_invalid'],
  ['6.28123E 12', 'number_invalid'],
  ['+6.28123E+12', 'number_invalid'],
  ['628123E+07', 'number_invalid'],
  ['0812', 'number_too_short'],
  ['62888', 'number_too_short'],
  ['628123', 'number_too_short'],
  ['6281234567890123', 'number_too_long'],
])('%s: %s', (text, problem) => {
  expect(read(text, '62')).toEqual({ problem })
})

test('what is a number here is one for the practice WhatsApp', () => {
  for (let digits = 1; digits <= 17; digits++) {
    const text = '62812345678901234'.slice(0, digits)
    expect('number' in read(text, '62'), text).toBe(isNumber(text))
  }
})

test('a leading 0 stands for the country code of the settings', () => {
  expect(read('0612345678', '31')).toEqual({ number: '31612345678' })
  expect(read('31 0612345678', '31')).toEqual({ number: '31612345678' })
  expect(read('62081234567890', '31')).toEqual({ number: '62081234567890' })
})

test('several recipients are split, each once, groups and newsletters as they are', () => {
  const given =
    ' 081234567890 | +62 812 3456 7890||120363041234567890@g.us|120363041234567890@newsletter|6281-1600@g.us|1@newsletter|-1@g.us'
  expect(recipients(given, '62').map((one) => ('recipient' in one ? one.recipient : one.problem))).toEqual([
    same,
    '120363041234567890@g.us',
    '120363041234567890@newsletter',
    '6281-1600@g.us',
    '1@newsletter',
    'number_invalid',
  ])
  expect(recipients('6281234567890-1600000000@g.us', '62')).toEqual([
    { given: '6281234567890-1600000000@g.us', recipient: '6281234567890-1600000000@g.us' },
  ])
})

test('what is wrong with a recipient is said of the one it is wrong with', () => {
  expect(recipients('12|081234567890', '62')).toMatchObject([
    { given: '12', problem: 'number_too_short', reason: expect.stringContaining('too short') },
    { recipient: same },
  ])
})
