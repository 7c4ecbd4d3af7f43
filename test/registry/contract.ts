// Owns what every backend has to do alike: a test file that imports this runs these tests.
// Does not own any backend: the file calls `meet` with the link on which they run.
import './lookup-contract.ts'
import './registration-contract.ts'
import './watch-contract.ts'

export { meet } from './parties.ts'
