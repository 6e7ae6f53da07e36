import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import type { Reporter } from 'vitest/node'
import { runtimeHere } from './runtime.ts'

/** Whatever other reporters the command line names: how many specs ran, and on what. */
const summary: Reporter = {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => Array.from(module.children.allTests()))
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length
    console.log(
      `${count('passed') + count('failed')} desktop specs ran on ${runtimeHere().name}: ` +
        `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`,
    )
  },
}

export default defineConfig({
  plugins: [
    { name: 'kurir-summary', configureVitest: ({ vitest }) => vitest.config.reporters.push(summary) },
  ],
  test: {
    root: resolve(import.meta.dirname, '../../..'),
    include: ['tests/desktop/e2e/**/*.spec.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // Each file has a browser, and most have a program: one at a time keeps a small machine busy.
    fileParallelism: false,
  },
})
