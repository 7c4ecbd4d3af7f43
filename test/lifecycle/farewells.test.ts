import { expect, test } from 'vitest'
import { createRegistry } from '../../src/index.ts'

const count = () => process.listenerCount('exit')

test('a hundred registries have one listener for the end of the process, and none once they are closed', async () => {
  const before = count()
  const registries = Array.from({ length: 100 }, () => createRegistry({ interfaces: () => false }))
  expect(count()).toBe(before)
  for (const registry of registries) registry.watch()
  expect(count()).toBe(before + 1)
  const [last, ...others] = registries
  await Promise.all(others.map((registry) => registry.close()))
  expect(count()).toBe(before + 1)
  await last?.close()
  expect(count()).toBe(before)
})
