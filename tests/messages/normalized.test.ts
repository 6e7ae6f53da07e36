import { expect, test } from 'vitest'
import { fingerprint } from '../../src-main/messages/submit/fingerprint.ts'
import { wordsOfContent } from '../../src-main/messages/log/search-words.ts'
import { normalized } from '../../src-main/lib/text-encoding/normalized.ts'

const text = (written: string) =>
  fingerprint(
    { deviceId: 'd', key: null, footer: null, quotedId: null, content: { kind: 'text', text: written } },
    [],
  )

test('a quarter of a million marks on one letter are put in order in a moment', () => {
  const checkpoints = `a${'\u0301\u0316'.repeat(125_000)}`
  const began = performance.now()
  text(checkpoints)
  expect(wordsOfContent({ text: checkpoints, fileName: checkpoints })).toBe('a')
  // It was 15 s each.
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('what people write is normalized as Unicode says', () => {
  for (const written of ['Café', 'Cafe\u0301', 'điện thoại', 'a\u0316\u0301\u0327', 'ﷺ', '한국어', '👩🏽‍🚀']) {
    expect(normalized(written, 'NFC')).toBe(written.normalize('NFC'))
    expect(normalized(written, 'NFKD')).toBe(written.normalize('NFKD'))
  }
  expect(text('Cafe\u0301')).toEqual(text('Café'))
})
