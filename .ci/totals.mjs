// Adds up what the suites report: `node totals.mjs <name>:<exit code>:<vitest JSON report> …`.
// The last line is `N passed, N failed`. A suite that ended badly, left tests out or has no report counts as failed.
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0

for (const suite of process.argv.slice(2)) {
  const [name, exitCode, path] = suite.split(':')
  const counts = countsOf(path)
  // The tests may all pass while something between them fails: the linter, the build, an error that nobody awaited.
  if (counts.failed === 0 && exitCode !== '0') counts.failed = 1
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed`)
  passed += counts.passed
  failed += counts.failed
}

if (passed + failed === 0) console.log('nothing ran')
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

function countsOf(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'))
    const broken = report.testResults.filter(isBroken).length
    const leftOut = report.numPendingTests + report.numTodoTests
    return { passed: report.numPassedTests, failed: report.numFailedTests + leftOut + broken }
  } catch (error) {
    console.log(`no report: ${error.message}`)
    return { passed: 0, failed: 1 }
  }
}

/** A file that failed before it came to any test. */
function isBroken({ status, assertionResults }) {
  return status === 'failed' && assertionResults.length === 0
}
