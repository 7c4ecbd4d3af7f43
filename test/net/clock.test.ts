import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/net/clock.ts'

test('a timer never fires early', async () => {
  const early: number[] = []
  const waits = Array.from({ length: 300 }, (_, index) => {
    const when = systemClock.now() + (index % 60) + Math.random()
    return new Promise<void>((resolve) =>
      systemClock.at(when, () => {
        if (systemClock.now() < when) early.push(when)
        resolve()
      }),
    )
  })
  await keepAlive(Promise.all(waits))
  expect(early).toEqual([])
})

test('a timer that setTimeout fires early is set again', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
  const run = vi.fn()
  systemClock.at(1000.5, run)
  vi.advanceTimersByTime(1)
  expect(run).not.toHaveBeenCalled()
  now.mockReturnValue(1000.5)
  vi.advanceTimersByTime(1)
  expect(run).toHaveBeenCalledOnce()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

test('an instant beyond the reach of setTimeout does not fire at once', async () => {
  const run = vi.fn()
  const cancels = [systemClock.at(systemClock.now() + 2 ** 40, run), systemClock.at(Number.POSITIVE_INFINITY, run)]
  await keepAlive(new Promise((resolve) => setTimeout(resolve, 20)))
  expect(run).not.toHaveBeenCalled()
  for (const cancel of cancels) cancel()
})

test('an instant that has passed runs soon, but not within the call, and can be cancelled', async () => {
  const run = vi.fn()
  const never = vi.fn()
  systemClock.at(systemClock.now() - 10, run)
  systemClock.at(systemClock.now() - 10, never)()
  expect(run).not.toHaveBeenCalled()
  await keepAlive(new Promise((resolve) => setTimeout(resolve, 20)))
  expect(run).toHaveBeenCalledOnce()
  expect(never).not.toHaveBeenCalled()
})

test('a waiting timer does not keep the process alive', () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const cancel = systemClock.at(systemClock.now() + 60_000, () => {})
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(before)
  cancel()
})

/** The clock's own timers are unref'ed; a plain one stands for the sockets of a real program. */
async function keepAlive<T>(promise: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {}, 10_000)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}
