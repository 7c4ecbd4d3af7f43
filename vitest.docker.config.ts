import { defineConfig } from 'vitest/config'

/** Testcontainers' own cleaner is an image that a registry has to give; test/docker/global-setup.ts cleans up itself. */
process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'

/** All files share one engine, and the addresses of their networks. */
export default defineConfig({
  test: {
    include: ['test/docker/**/*.test.ts'],
    globalSetup: ['test/docker/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
})
