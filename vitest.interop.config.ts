import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { MATRIX_FILE } from './test/interop/matrix.ts'

/** Every file has hosts and wires of its own, so that all can wait at the same time. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    env: { [MATRIX_FILE]: join(tmpdir(), `interop-matrix-${process.pid}.jsonl`) },
    globalSetup: ['test/interop/global-setup.ts'],
    // What runs here mostly waits.
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
