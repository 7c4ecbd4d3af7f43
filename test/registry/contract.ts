// Owns what every backend has to do alike, as tests.
// Does not own any backend: `make` builds the link on which they run.
import { lookups } from './lookup-contract.ts'
import { type Link, meet } from './parties.ts'
import { deregistrations, failures, lapses, updates } from './registration-contract.ts'
import { closes, signals, watches } from './watch-contract.ts'

export function registryContract(make: () => Link): void {
  meet(make)
  lookups()
  updates()
  lapses()
  failures()
  deregistrations()
  watches()
  signals()
  closes()
}
