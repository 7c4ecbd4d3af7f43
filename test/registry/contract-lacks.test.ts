// What a medium may lack: each lack is told by the contract from a backend that is wrong, and from one that has it all.
import { describe, expect, test } from 'vitest'
import { contract, type Lack, type MakeLink } from '../../src/contract.ts'
import type { Registry } from '../../src/registry/types.ts'
import { altered } from './altered.ts'
import { memoryLink } from './memory-link.ts'
import { POOR } from './poor-backend.ts'

const LACKS: readonly Lack[] = ['free-names', 'host-names', 'case-blind-ids', 'conflicts']

function linkOf(poor: readonly string[], lacks: readonly Lack[]): MakeLink {
  return () => {
    const link = memoryLink()
    const impoverish = (registry: Registry, lack: string) => altered(registry, POOR[lack] ?? (() => ({})))
    return { ...link, lacks, registry: (options) => poor.reduce(impoverish, link.registry(options)) }
  }
}

async function failed(makeLink: MakeLink): Promise<readonly string[]> {
  const outcomes = await Promise.allSettled(contract.map(({ run }) => run(makeLink)))
  return contract.flatMap(({ title }, n) => (outcomes[n]?.status === 'rejected' ? [title] : []))
}

describe.each(LACKS)('%s', (lack) => {
  test('a backend that lacks it and says so passes', async () => {
    expect(await failed(linkOf([lack], [lack]))).toEqual([])
  })

  test('one that lacks it and does not say so fails', async () => {
    expect(await failed(linkOf([lack], []))).not.toEqual([])
  })
})

test('a backend that lacks everything passes', async () => {
  expect(await failed(linkOf(LACKS, LACKS))).toEqual([])
})

test.each(['free-names', 'host-names', 'case-blind-ids'] as const)(
  '%s: who has it may not say otherwise',
  async (lack) => {
    expect(await failed(linkOf([], [lack]))).not.toEqual([])
  },
)
