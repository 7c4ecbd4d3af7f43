import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** What takes minutes: the same experiments as in test/scenarios, with as many seeds as their figures need. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    testTimeout: 600_000,
    maxWorkers: availableParallelism(),
  },
})
