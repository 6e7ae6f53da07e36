import { defineConfig } from 'vitest/config'

/** The long forms of what `npm test` proves in minutes; one after the other, so that they do not disturb each other. */
export default defineConfig({
  test: {
    include: ['tests/endurance/**/*.test.ts'],
    testTimeout: 6 * 3_600_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    fileParallelism: false,
    pool: 'forks',
  },
})
