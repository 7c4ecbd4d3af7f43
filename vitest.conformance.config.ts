import { defineConfig } from 'vitest/config'
import { titlesOfTests } from './test/conformance/coverage.ts'
import { ScoreReporter } from './test/conformance/score-reporter.ts'
import { oneByOne } from './vitest.network.config.ts'

const carriers = [...new Set(titlesOfTests().map(({ path }) => `test/${path}`))]
const ofNetwork = (path: string) => path.startsWith('test/network/')

/** The tests that carry rules, and the score of the rules. Those on a network come last, and one by one. */
export default defineConfig({
  test: {
    reporters: ['default', new ScoreReporter()],
    projects: [
      {
        test: {
          name: 'plain',
          include: carriers.filter((path) => !ofNetwork(path)),
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...oneByOne,
          name: 'network',
          include: carriers.filter(ofNetwork),
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
