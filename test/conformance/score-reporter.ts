// Owns the way from a run of vitest to the score: printed at its end, and a bad exit if it will not do.
// Does not own the score itself.
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { NOT_APPLICABLE } from './not-applicable.ts'
import { linesOf, type Outcome, standingsOf, willDo } from './score.ts'

export class ScoreReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcomes = modules.flatMap((module) => [...module.children.allTests()].map(outcomeOf))
    const standings = standingsOf(outcomes, NOT_APPLICABLE)
    process.stdout.write(`\n${linesOf(standings).join('\n')}\n`)
    if (!willDo(standings)) process.exitCode = 1
  }
}

function outcomeOf(test: TestCase): Outcome {
  const { state } = test.result()
  return { title: test.fullName, state: state === 'passed' || state === 'failed' ? state : 'left out' }
}
