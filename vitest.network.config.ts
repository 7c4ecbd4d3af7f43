import { defineConfig } from 'vitest/config'

const paths = (...names: readonly string[]) => names.map((name) => `test/network/${name}.test.ts`)

/** These wait for most of their time, on hosts of their own, for what takes seconds: they can do so side by side. */
const LONG = paths('cli', 'flap', 'leaving', 'loss', 'slept', 'two-interfaces')
const SHORT = paths('fragments', 'held-port', 'late-link', 'many-links', 'point-to-point', 'readdressed', 'shared-host')

/** Hosts are network namespaces here, and share what a kernel has but once: one file at a time. */
export const oneByOne = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 } as const
const sideBySide = { ...oneByOne, fileParallelism: true, maxWorkers: 3 } as const

/** Vitest takes the projects by their names, and what has to be one by one after all else. */
export default defineConfig({
  test: {
    projects: [
      { test: { ...sideBySide, name: 'long', include: LONG } },
      { test: { ...sideBySide, name: 'short', include: SHORT } },
      {
        test: {
          ...oneByOne,
          name: 'timed',
          include: ['test/network/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...LONG, ...SHORT],
        },
      },
    ],
  },
})
