import { describe, expect, test } from 'vitest'
import { MemoryStore } from '../../src/registry/memory.ts'
import { memoryLink } from './memory-link.ts'
import { greeter } from './parties.ts'

describe('memory', () => {
  test('a lapse is told as such', async () => {
    const link = memoryLink()
    const registry = link.registry()
    await link.until(registry.register(greeter, { ttl: 1 }))
    const watcher = registry.watch()
    await link.until(watcher.next())
    expect(await link.until(watcher.next())).toMatchObject({ action: 'delete', reason: 'expired' })
    expect(link.now()).toBe(1_000)
    await registry.close()
  })

  test('registries that share no store do not see each other', async () => {
    const link = memoryLink()
    const alone = link.registry({ store: new MemoryStore() })
    await link.until(alone.register(greeter))
    await expect(link.until(link.registry().getService('greeter', { timeout: 5 }))).rejects.toThrow('greeter')
    expect(String(alone)).toBe('memory')
  })

  test('more than ten calls and watches that wait at the same time are no leak', async () => {
    const warnings: Error[] = []
    const listen = (warning: Error) => warnings.push(warning)
    process.on('warning', listen)
    const link = memoryLink()
    const registry = link.registry()
    const waiting = Array.from({ length: 20 }, () => registry.getService('nobody', { timeout: 5 }))
    for (let i = 0; i < 20; i++) registry.watch()
    await link.until(Promise.allSettled(waiting))
    await registry.close()
    process.off('warning', listen)
    expect(warnings).toEqual([])
  })
})
