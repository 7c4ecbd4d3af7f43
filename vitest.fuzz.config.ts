import { defineConfig } from 'vitest/config'

const { FUZZ_SECONDS = '60', FUZZ_SEED = String(Date.now() % 2 ** 31) } = process.env

/** As `npm test` runs it, but for longer, and with other luck each time. */
export default defineConfig({
  test: {
    include: ['test/fuzz/**/*.test.ts'],
    env: { FUZZ_SECONDS, FUZZ_SEED },
  },
})
