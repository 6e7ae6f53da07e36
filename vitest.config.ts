import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // The end-to-end suites have commands of their own (test:desktop, test:window, test:endurance, bench).
    exclude: ['tests/desktop/e2e/**', 'tests/window/**', 'tests/endurance/**', 'tests/bench/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
