// When a command that looks around has seen enough.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Output } from '../../src/cli/output.ts'
import { Session } from '../../src/cli/session.ts'
import { followUntilSettled } from '../../src/cli/stream.ts'
import { Stream } from '../../src/dnssd/stream.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

/** Milliseconds until it ends, or undefined if it does not within a minute, on a link with news at these times. */
async function endOf(news: readonly number[], timeout?: number): Promise<number | undefined> {
  const items = new Stream<number>()
  const stream = Object.assign(items, { stop: () => void items.return() })
  for (const at of news) setTimeout(() => items.push(at), at)
  const output = new Output({ write: () => {} }, { json: true, aligned: false, color: false })
  const options = timeout === undefined ? {} : { timeout }
  const { signal } = new AbortController()
  const session = new Session({ options, output, signal, warn: () => {}, program: new URL(import.meta.url) })
  let end: number | undefined
  let now = 0
  void followUntilSettled(stream, session, () => {}).then(() => {
    end = now
  })
  for (; now < 60_000 && end === undefined; now += 100) await vi.advanceTimersByTimeAsync(100)
  return end
}

test('it ends a second after the last news', async () => {
  expect(await endOf([100, 900, 1_500])).toBeLessThanOrEqual(2_600)
  expect(await endOf([100, 900, 1_500])).toBeGreaterThanOrEqual(2_400)
})

test('it waits for the first for as long as it is told', async () => {
  expect(await endOf([])).toBeGreaterThanOrEqual(3_300)
  expect(await endOf([], 500)).toBeLessThanOrEqual(600)
})

test('it ends in five seconds, although there is always news', async () => {
  const always = Array.from({ length: 600 }, (_, index) => index * 100)
  expect(await endOf(always)).toBeLessThanOrEqual(5_100)
})
