import { describe, expect, test } from 'vitest'
import { greeter } from '../../src/contract/greeter.ts'
import { MemoryStore } from '../../src/registry/memory.ts'
import { memoryLink } from './memory-link.ts'

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
})
