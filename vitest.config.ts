import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // The end-to-end suites have commands of their own (test:desktop, test:window, test:endurance, bench).
    exclude: ['tests/desktop/e2e/**', 'tests/window/**', 'tests/endurance/**', 'tests/bench/**'],
    // How long a test waits for what must come is no claim about speed: a busy machine may take its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // One more than a small machine has cores: many files mostly wait.
    maxWorkers: 3,
  },
})
