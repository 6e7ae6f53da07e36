import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { watchMain } from '../../src-main/desktop/lifecycle/main-crash.ts'
import { boom } from '../devices/boom.ts'

type Listener = NodeJS.UnhandledRejectionListener

const dataFolder = mkdtempSync(join(tmpdir(), 'kurir-crash-'))
const events = ['unhandledRejection', 'uncaughtException'] as const
const before = new Map(events.map((event) => [event, process.listeners(event as 'unhandledRejection')]))
afterEach(() => {
  for (const event of events) for (const listener of added(event)) process.off(event, listener)
  rmSync(dataFolder, { recursive: true, force: true })
})

function added(event: (typeof events)[number]): Listener[] {
  const known = before.get(event) ?? []
  return process.listeners(event as 'unhandledRejection').filter((listener) => !known.includes(listener))
}

/** What the program does about a rejection that nobody hears. */
function afterRejection(reason: unknown): string[] {
  const done: string[] = []
  const app = { relaunch: () => done.push('relaunch'), exit: () => done.push('exit') }
  watchMain(app as never, { dataFolder, restartedAt: null, onFailedAgain: () => done.push('failed again') })
  for (const listener of added('unhandledRejection')) listener(reason, Promise.resolve())
  return done
}

test('a rejection that nobody hears starts the program anew', () => {
  expect(afterRejection(new TypeError('x is undefined'))).toEqual(['relaunch', 'exit'])
})

test.each([
  ['a Boom of Baileys', boom(428)],
  ['a bare close code', 1006],
])('the end of a line does not: %s', (_what, reason) => {
  expect(afterRejection(reason)).toEqual([])
})
