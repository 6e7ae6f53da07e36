import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseSync } from 'vite'
import { expect, it } from 'vitest'
import { failuresOf } from '../../src-main/api/handlers/route-failures.ts'
import { sendMedia } from '../../src-main/api/routes/send-media.ts'
import { sendMessage } from '../../src-main/api/routes/send-message.ts'
import { failureCodes, type FailureCode } from '../../src-main/lib/failure-codes.ts'

// Whatever a module behind /send-message and /send-media calls by its code may be answered to a caller.

const source = resolve(import.meta.dirname, '../../src-main')

/** Codes of modules that a send goes through, but of other things that they do. */
const elsewhere: Partial<Record<FailureCode, string>> = {
  device_number_taken: 'adding a device',
  device_connected: 'pairing',
  device_kind_unavailable: 'adding and pairing: what is connected is of a kind that can be',
  pairing_failed: 'pairing',
  too_many_devices: 'adding a device',
  too_many_pairings: 'pairing',
  data_key_unavailable: 'connecting a device',
  option_invalid: 'starting with a file for the trace of stanzas',
}

it.each([
  [
    '/send-message',
    sendMessage,
    [
      'messages',
      'devices',
      'storage/database/sqlite-failure.ts',
      'api/handlers/find-device.ts',
      'api/handlers/submit-call.ts',
    ],
  ],
  [
    '/send-media',
    sendMedia,
    ['messages', 'media', 'devices', 'storage/database/sqlite-failure.ts', 'api/routes/send-media.ts'],
  ],
] as const)('%s documents every code of the modules behind it', (_path, route, modules) => {
  const documented = new Set<string>(failuresOf(route))
  const said = modules.flatMap((module) => filesOf(module).flatMap(codesIn))
  const missing = said.filter((code) => !documented.has(code) && !(code in elsewhere))
  const ofFiles = (code: string): boolean => code.startsWith('media_') || code === 'view_once_unsupported'
  expect(
    Array.from(new Set(missing.filter((code) => route === sendMedia || !ofFiles(code)))).toSorted(),
  ).toEqual([])
})

it('finds the codes that a file names', () => {
  expect(codesIn(join(source, 'storage/database/sqlite-failure.ts'))).toContain('database_damaged')
  expect(codesIn(join(source, 'messages/log/failure-messages.ts'))).toContain('text_not_kept')
})

function filesOf(module: string): string[] {
  if (module.endsWith('.ts')) return [join(source, module)]
  return readdirSync(join(source, module), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(source, module, file))
}

/** Every string in a file's values, types aside, that is a failure's code. */
function codesIn(file: string): FailureCode[] {
  const found: FailureCode[] = []
  walk(parseSync(file, readFileSync(file, 'utf8')).program)
  return found

  function walk(node: unknown): void {
    if (Array.isArray(node)) return node.forEach(walk)
    if (node === null || typeof node !== 'object') return
    const { type, value } = node as { type?: string; value?: unknown }
    if (type?.startsWith('TS') === true && type !== 'TSAsExpression' && type !== 'TSSatisfiesExpression')
      return
    if (type === 'Literal' && typeof value === 'string' && Object.hasOwn(failureCodes, value)) {
      found.push(value as FailureCode)
    }
    Object.values(node).forEach(walk)
  }
}
