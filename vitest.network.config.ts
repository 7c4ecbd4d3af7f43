import { defineConfig } from 'vitest/config'

const paths = (...names: readonly string[]) => names.map((name) => `test/network/${name}.test.ts`)

/** These wait for most of their time, on hosts of their own, for what takes seconds: they can do so side by side. */
const LONG = paths('cli', 'flap', 'leaving', 'loss', 'slept', 'two-interfaces')
const SHORT = paths('fragments', 'held-port', 'late-link', 'many-links', 'point-to-point', 'readdressed', 'shared-host')
/** These measure milliseconds, and leave a processor alone but for a moment here and there: two at a time. */
const RULES = paths('conformance-*')

/** Hosts are network namespaces here, and share what a kernel has but once: one file at a time. */
export const oneByOne = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 } as const
const sideBySide = { ...oneByOne, fileParallelism: true, maxWorkers: 3 } as const

/** Vitest takes the projects of a group by their names, and what has to be one by one after all else. */
export default defineConfig({
  test: {
    projects: [
      { test: { ...sideBySide, name: 'long', include: LONG } },
      { test: { ...sideBySide, name: 'short', include: SHORT } },
      { test: { ...sideBySide, maxWorkers: 2, name: 'rules', include: RULES, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...oneByOne,
          name: 'timed',
          include: ['test/network/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...LONG, ...SHORT, ...RULES],
        },
      },
    ],
  },
})
