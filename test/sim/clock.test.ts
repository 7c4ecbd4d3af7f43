import { expect, test } from 'vitest'
import { VirtualClock } from '../../src/sim/clock.ts'
import { seededRandom } from '../../src/sim/random.ts'

test('timers run in the order of their instants, those of one instant in the order in which they were set', () => {
  const clock = new VirtualClock()
  const random = seededRandom(5)
  const ran: { when: number; order: number }[] = []
  const expected: { when: number; order: number }[] = []
  for (let order = 0; order < 3000; order += 1) {
    const when = Math.floor(random() * 100)
    const cancel = clock.at(when, () => ran.push({ when, order }))
    if (random() < 0.4) cancel()
    else expected.push({ when, order })
  }
  clock.runTo(100)
  expect(ran).toEqual(expected.sort((a, b) => a.when - b.when || a.order - b.order))
  expect(clock.next).toBe(Number.POSITIVE_INFINITY)
})

test('a timer may cancel another of its instant, itself in vain, and set one for now', () => {
  const clock = new VirtualClock()
  const ran: string[] = []
  const cancelFirst = clock.at(5, () => {
    ran.push('first')
    cancelSecond()
    cancelFirst()
    clock.at(0, () => ran.push(`set at ${clock.now()}`))
  })
  const cancelSecond = clock.at(5, () => ran.push('second'))
  clock.at(5, () => ran.push('third'))
  clock.runTo(5)
  expect(ran).toEqual(['first', 'third', 'set at 5'])
})

test('time stops at the limit, whether there is anything to do then or not', () => {
  const clock = new VirtualClock()
  const ran: number[] = []
  const every = () => {
    ran.push(clock.now())
    clock.at(clock.now() + 10, every)
  }
  clock.at(10, every)
  clock.runTo(30)
  expect(ran).toEqual([10, 20, 30])
  expect(clock.step(39)).toBe(false)
  expect(clock.now()).toBe(30)
  clock.runTo(35)
  expect(clock.now()).toBe(35)
  clock.runTo(20)
  expect(clock.now()).toBe(35)
})

test('a timer that sets itself again at once is an error, not an endless loop', () => {
  const clock = new VirtualClock()
  const again = () => {
    clock.at(clock.now(), again)
  }
  again()
  expect(() => clock.runTo(1)).toThrow('time stands still at 0 ms')
})
