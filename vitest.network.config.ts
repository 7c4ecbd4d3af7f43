import { defineConfig } from 'vitest/config'

/** Hosts are network namespaces here, and share what a kernel has but once: one file at a time. */
export default defineConfig({
  test: {
    include: ['test/network/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
