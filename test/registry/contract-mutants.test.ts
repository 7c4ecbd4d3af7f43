// That the contract can fail: backends that are wrong, each in one way, and cases that go wrong.
import { describe, expect, test } from 'vitest'
import { type ContractLink, contract } from '../../src/contract.ts'
import { type Alteration, altered } from './altered.ts'
import { memoryLink } from './memory-link.ts'
import { MUTANTS } from './mutants.ts'

const cases = new Map(contract.map(({ group, title, run }) => [`${group}: ${title}`, run]))

/** An assertion of the case, a refusal that it did not expect, or its patience; anything else is a slip of ours. */
const VERDICT = /^AssertionError \[ERR_ASSERTION\]: |^RegistryError: |^Error: not settled/

function mutated(alter: Alteration): ContractLink {
  const link = memoryLink()
  return { ...link, registry: (options) => altered(link.registry(options), alter) }
}

describe('a backend that', () => {
  test.each(Object.entries(MUTANTS))('%s is caught', async (_, { alter, caughtBy }) => {
    const run = cases.get(caughtBy)
    expect(run, caughtBy).toBeDefined()
    await run?.(memoryLink)
    await expect(run?.(() => mutated(alter)).catch(String)).resolves.toMatch(VERDICT)
  })
})

test('every case has a title of its own', () => {
  expect(cases.size).toBe(contract.length)
})
