import { describe, expect, test } from 'vitest'
import { Turns } from '../../src/registry/turns.ts'

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

const moment = () => new Promise((resolve) => setImmediate(resolve))

describe('turns', () => {
  test('operations on one key run one after the other, on others side by side', async () => {
    const turns = new Turns()
    const log: string[] = []
    const first = gate()
    const a = turns.take(['x'], async () => {
      log.push('a')
      await first.opened
    })
    const b = turns.take(['x', 'y'], async () => void log.push('b'))
    const c = turns.take(['z'], async () => void log.push('c'))
    const d = turns.take(['y'], async () => void log.push('d'))
    await moment()
    expect(log).toEqual(['a', 'c'])
    first.open()
    await Promise.all([a, b, c, d])
    expect(log).toEqual(['a', 'c', 'b', 'd'])
  })

  test('one that fails holds up nobody, and nothing is left behind', async () => {
    const turns = new Turns()
    const failed = turns.take(['x'], () => Promise.reject(new Error('no')))
    const next = turns.take(['x', 'x'], async () => 'yes')
    await expect(failed).rejects.toThrow('no')
    expect(await next).toBe('yes')
    await moment()
    expect(turns.keys).toEqual([])
  })
})
