import { test, type TestAPI } from 'vitest'
import type { DevicesOptions } from '../../src-main/devices/devices.ts'
import type { SandboxOptions } from '../../src-main/sandbox/sandbox.ts'
import { startRig, type Rig } from './rig.ts'

/** Tests that have a rig of their own each, so that those that mostly wait can run at the same time. */
export function rigTest(
  options: Partial<DevicesOptions> = {},
  sandboxOptions: Partial<SandboxOptions> = {},
): TestAPI<{ rig: Rig }> {
  return test.extend<{ rig: Rig }>({
    rig: async ({ task: _task }, use) => {
      const rig = await startRig(options, sandboxOptions)
      await use(rig)
      await rig.stop()
    },
  })
}
