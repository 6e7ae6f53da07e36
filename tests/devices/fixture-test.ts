import { test, type TestAPI } from 'vitest'
import type { DevicesOptions } from '../../src-main/devices/devices.ts'
import type { SandboxOptions } from '../../src-main/sandbox/sandbox.ts'
import { startFixture, type Fixture } from './devices-fixture.ts'

/** Tests that have a rig of their own each, so that those that mostly wait can run at the same time. */
export function rigTest(
  options: Partial<DevicesOptions> = {},
  sandboxOptions: Partial<SandboxOptions> = {},
): TestAPI<{ fixture: Fixture }> {
  return test.extend<{ fixture: Fixture }>({
    fixture: async ({ task: _task }, use) => {
      const fixture = await startFixture(options, sandboxOptions)
      await use(fixture)
      await fixture.stop()
    },
  })
}
