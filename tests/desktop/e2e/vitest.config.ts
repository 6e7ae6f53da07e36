import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { runtimeHere } from './runtime.ts'

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../../..'),
    include: ['tests/desktop/e2e/**/*.spec.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    pool: 'forks',
    // Each file has a browser and a program of its own: one at a time is enough for a small machine.
    fileParallelism: false,
    reporters: [
      'default',
      {
        onTestRunEnd(modules) {
          const tests = modules.flatMap((module) => Array.from(module.children.allTests()))
          const states = tests.map((test) => test.result().state)
          const count = (state: string): number => states.filter((one) => one === state).length
          console.log(
            `${count('passed') + count('failed')} desktop specs ran on ${runtimeHere().name}: ` +
              `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`,
          )
        },
      },
    ],
  },
})
