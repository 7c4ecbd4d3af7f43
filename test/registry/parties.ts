// Owns what the tests of single backends share: whom they register, and their expectations in vitest's words.
// Does not own what every backend does alike (contract.ts).
import { expect } from 'vitest'
import { line } from '../../src/contract/told.ts'
import type { Result, Service, Watcher } from '../../src/registry/types.ts'

export { greeter, withNode } from '../../src/contract/greeter.ts'

export const code = (code: string) => expect.objectContaining({ name: 'RegistryError', code })
export const ids = (services: readonly Service[]) => services.map(({ nodes }) => nodes.map(({ id }) => id))
export const story = (results: readonly Result[]) => results.map(line)

export function follow(watcher: Watcher): Result[] {
  const results: Result[] = []
  watcher.on('result', (result) => results.push(result))
  return results
}
