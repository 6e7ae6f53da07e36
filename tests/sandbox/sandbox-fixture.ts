import { afterEach } from 'vitest'
import type { UserFacingSocketConfig } from '@whiskeysockets/baileys'
import { startSandbox } from '../../src-main/sandbox/sandbox.ts'
import type { Sandbox, SandboxOptions } from '../../src-main/sandbox/sandbox.ts'
import { Client, quiet } from './client.ts'
import { springTraits } from './spring-traits.ts'

export const sender = '6285500000000'
export const recipient = '6285500000500'

const running: { stop(): Promise<void> }[] = []

/** Stops what the test started, the last first. */
export function stopAfterEach(): void {
  afterEach(async () => {
    for (const one of running.splice(0).toReversed()) await one.stop()
  })
}

/**
 * One whose phones tell linked devices nothing, so that a client hears only what a test lets it hear, and whose accounts
 * are those of spring unless the test says otherwise.
 */
export async function sandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const accountTraits = { ...springTraits, ...options.accountTraits }
  const started = await startSandbox({ file: null, log: quiet, history: false, ...options, accountTraits })
  running.push(started)
  return started
}

export function client(practice: Sandbox, config: Partial<UserFacingSocketConfig> = {}): Client {
  const made = new Client(practice, config)
  running.push({ stop: () => made.close() })
  return made
}

export function paired(
  practice: Sandbox,
  number = sender,
  config: Partial<UserFacingSocketConfig> = {},
): Promise<Client> {
  return client(practice, config).pair(number)
}

export function stopLater<T extends { stop(): Promise<void> }>(one: T): T {
  running.push(one)
  return one
}
