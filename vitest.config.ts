import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** They register the same tests once for each backend, by importing the same modules anew. */
const CONTRACTS = 'test/registry/*-contract.test.ts'

/** One worker more than cores: many tests wait for processes that they started. */
const shared = { testTimeout: 20_000, pool: 'forks', maxWorkers: availableParallelism() + 1 } as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/network/**', 'test/docker/**', 'test/slow/**', CONTRACTS],
          // No other test changes a module: to load them once for all files saves a third of the time.
          isolate: false,
        },
      },
      { test: { ...shared, name: 'contracts', include: [CONTRACTS] } },
    ],
  },
})
