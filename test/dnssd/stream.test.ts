import { describe, expect, test } from 'vitest'
import { NOTHING, Stream } from '../../src/dnssd/stream.ts'
import { LIMITS } from '../../src/mdns/limits.ts'

describe('Stream', () => {
  test('items arrive in order, before and after they are asked for', async () => {
    const stream = new Stream<number>()
    stream.push(1)
    const reads = [stream.next(), stream.next(), stream.next()]
    stream.push(2)
    stream.push(3)
    expect((await Promise.all(reads)).map((read) => read.value)).toEqual([1, 2, 3])
  })

  test('what is queued can be read after the end', async () => {
    const stream = new Stream<number>()
    stream.push(1)
    stream.end()
    stream.push(2)
    const items: number[] = []
    for await (const item of stream) items.push(item)
    expect(items).toEqual([1])
  })

  test('a failure rejects one read, then the stream is over', async () => {
    const stream = new Stream<number>()
    const read = stream.next()
    stream.fail(new Error('gone'))
    await expect(read).rejects.toThrow('gone')
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('a loop that is left ends the stream, once', async () => {
    let ends = 0
    const stream = new Stream<number>({ onEnd: () => ends++ })
    stream.push(1)
    stream.push(2)
    for await (const _ of stream) break
    stream.end()
    expect(ends).toBe(1)
    expect(stream.size).toBe(0)
  })

  test('at the cap new items are folded into queued ones', async () => {
    const coalesce = (queued: string, next: string) => {
      if (queued[0] !== next[0]) return undefined
      return next.endsWith('-') ? NOTHING : next
    }
    const stream = new Stream<string>({ coalesce, cap: 2 })
    for (const item of ['a1', 'b1', 'a2', 'b-', 'c1', 'c2']) stream.push(item)
    stream.end()
    const items: string[] = []
    for await (const item of stream) items.push(item)
    expect(items).toEqual(['a2', 'c2'])
  })

  test('without a way to fold, a stream at its cap fails instead of growing', async () => {
    const stream = new Stream<number>()
    for (let i = 0; i <= LIMITS.queue + 5; i++) stream.push(i)
    expect(stream.size).toBe(LIMITS.queue)
    for (let i = 0; i < LIMITS.queue; i++) await stream.next()
    await expect(stream.next()).rejects.toMatchObject({ code: 'ERR_TOO_MANY' })
  })
})
