import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** The same tests once for each backend. */
const CONTRACTS = 'test/registry/*-contract.test.ts'

/** Vitest takes the projects by their names: the contracts come first, since they wait for real time. */
/** One worker more than cores: many tests wait for processes that they started. */
const shared = { testTimeout: 20_000, pool: 'forks', maxWorkers: availableParallelism() + 1 } as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'units',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/network/**', 'test/docker/**', 'test/interop/**', 'test/slow/**', CONTRACTS],
          // No other test changes a module: to load them once for all files saves a third of the time.
          isolate: false,
        },
      },
      // Those in real time do nothing but wait, so all of them wait at the same time.
      { test: { ...shared, name: 'contracts', include: [CONTRACTS], maxConcurrency: 200 } },
    ],
  },
})
