// However much goes on in one registry at a time, Node.js does not take it for a leak.
import { expect, test } from 'vitest'
import { createRegistry } from '../../src/index.ts'

test('many watches and many calls at a time cause no warning', async () => {
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  const registry = createRegistry({ backend: 'memory' })
  for (let i = 0; i < 20; i++) registry.watch()
  const calls = Array.from({ length: 20 }, () => registry.getService('nobody', { timeout: 1 }).catch(() => {}))
  await Promise.all(calls)
  await registry.close()
  await new Promise((resolve) => setTimeout(resolve, 5))
  process.off('warning', note)
  expect(warnings).toEqual([])
})
