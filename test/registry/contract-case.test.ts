import { describe, expect, test } from 'vitest'
import { chapter } from '../../src/contract/case.ts'
import { greeter } from '../../src/contract/greeter.ts'
import type { ContractLink } from '../../src/contract/link.ts'
import { Stage } from '../../src/contract/stage.ts'
import { realTime } from '../../src/contract.ts'
import type { Registry } from '../../src/registry/types.ts'
import { type Alteration, altered } from './altered.ts'
import { memoryLink } from './memory-link.ts'

interface Rig {
  readonly link: ContractLink
  readonly closed: string[]
}

function rig(alter: Alteration = () => ({})): Rig {
  const link = memoryLink()
  const closed: string[] = []
  const watched = (registry: Registry) =>
    altered(registry, () => ({
      close: () => {
        closed.push('registry')
        return altered(registry, alter).close()
      },
    }))
  return {
    closed,
    link: {
      ...link,
      registry: (options) => watched(link.registry(options)),
      close: async () => void closed.push('link'),
    },
  }
}

const unclosable: Alteration = () => ({ close: () => Promise.reject(new Error('cannot be closed')) })

describe('a case', () => {
  test('closes what it opened, and then its link', async () => {
    const [passing] = chapter('x', { y: async ({ here, there }) => void [here, there] })
    const { link, closed } = rig()
    await passing?.run(() => link)
    expect(closed).toEqual(['registry', 'registry', 'link'])
  })

  test('that fails does so as well, and rejects with what went wrong first', async () => {
    const [failing] = chapter('x', {
      y: async (stage) => {
        await stage.until(stage.here.register(greeter))
        throw new Error('wrong')
      },
    })
    const { link, closed } = rig(unclosable)
    await expect(failing?.run(() => link)).rejects.toThrow('wrong')
    expect(closed).toEqual(['registry', 'link'])
  })

  test('fails if a registry cannot be closed', async () => {
    const [passing] = chapter('x', { y: async ({ here }) => void here })
    const { link, closed } = rig(unclosable)
    await expect(passing?.run(() => link)).rejects.toThrow('cannot be closed')
    expect(closed).toEqual(['registry', 'link'])
  })

  test('awaits its link', async () => {
    const [passing] = chapter('x', { y: async (stage) => expect(stage.link.slack).toBe(0) })
    await passing?.run(async () => memoryLink())
    await expect(passing?.run(() => Promise.reject(new Error('no link')))).rejects.toThrow('no link')
  })
})

describe('durations', () => {
  const stage = (slack: number) => new Stage({ ...memoryLink(), slack })

  test('are exact on virtual time', () => {
    stage(0).passedAt(1_500, 500, 1_000)
    expect(() => stage(0).passedAt(1_501, 500, 1_000)).toThrow('it took 1001 ms, more than the 1000 ms')
    expect(() => stage(0).passedAt(1_499.5, 500, 1_000)).toThrow('it took 999.5 ms, less than the 1000 ms')
  })

  test('may be longer by the slack in real time, and shorter by less than a timer counts', () => {
    for (const then of [1_499, 1_500, 1_700]) stage(200).passedAt(then, 500, 1_000)
    for (const then of [1_498, 1_701]) expect(() => stage(200).passedAt(then, 500, 1_000)).toThrow('it took')
    stage(200).passedAt(1_800, 500, 1_000, 100)
  })
})

describe('real time', () => {
  const link = realTime({ registry: () => memoryLink().registry(), patience: 20 })

  test('passes', async () => {
    const before = link.now()
    await link.run(5)
    expect(link.now() - before).toBeGreaterThan(3)
    expect(await link.until(Promise.resolve(7))).toBe(7)
    await expect(link.until(Promise.reject(new Error('no')))).rejects.toThrow('no')
  })

  test('has an end where nothing happens', async () => {
    await expect(link.until(new Promise(() => {}))).rejects.toThrow('not settled after 20 ms')
  })
})
