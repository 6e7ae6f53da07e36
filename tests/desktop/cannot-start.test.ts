import { expect, test } from 'vitest'
import { startupErrorMessage } from '../../src-main/desktop/lifecycle/startup-error.ts'
import { textsFor } from '../../src-main/desktop/i18n/texts.ts'
import { Failure } from '../../src-main/lib/failure.ts'
import type { FailureCode } from '../../src-main/lib/failure-codes.ts'

const message = 'Choose another folder with --data-dir.'
const folder = '/home/ibu/.config/Kurir'
const said = (code: FailureCode, language: 'id' | 'en'): string =>
  startupErrorMessage(new Failure(code, message), textsFor(language, ''), folder)

test.each([
  'data_folder_unwritable',
  'data_folder_in_use',
  'data_key_unavailable',
  'database_newer',
  'storage_full',
  'storage_unavailable',
] as const)('%s is said in the operator’s language, with advice that needs no command line', (code) => {
  const sentences = [said(code, 'id'), said(code, 'en')]
  expect(new Set(sentences).size).toBe(2)
  for (const sentence of sentences) expect(sentence).not.toMatch(/--|data-dir/)
})

test('a folder is named where it is the matter', () => {
  for (const language of ['id', 'en'] as const) {
    expect(said('data_folder_unwritable', language)).toContain(folder)
    expect(said('data_folder_in_use', language)).toContain(folder)
  }
})

test('what is wrong with an option is said as it is, and so is all before the folder is known', () => {
  expect(said('option_invalid', 'id')).toBe(message)
  const early = startupErrorMessage(new Failure('storage_full', message), textsFor('id', ''), null)
  expect(early).toBe(message)
})
