import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/network/**', 'test/slow/**'],
    testTimeout: 20_000,
  },
})
