import { beforeEach, describe, expect, test } from 'vitest'
import { SteadyClock } from '../../src/host/steady-clock.ts'
import { StuckClock } from './stuck-clock.ts'

let base: StuckClock
let clock: SteadyClock
let ran: string[]

beforeEach(() => {
  base = new StuckClock()
  clock = new SteadyClock(base)
  ran = []
})

/** A timer that tells at which instant it ran. */
function arm(when: number, name = `${when}`) {
  return clock.at(when, () => ran.push(`${name} at ${clock.now()}`))
}

describe('without a stall it is the clock that it was given', () => {
  test('time passes and timers run when they are due, in their order', () => {
    arm(20, 'b')
    arm(10, 'a')
    arm(20, 'c')
    base.pass(9)
    expect(ran).toEqual([])
    base.pass(100)
    expect(ran).toEqual(['a at 10', 'b at 20', 'c at 20'])
    expect(clock.now()).toBe(109)
    expect(clock.stalled).toBe(0)
  })

  test('a timer that is late by a second or less is only late', () => {
    arm(10)
    base.stall(1010)
    base.turn()
    expect(ran).toEqual(['10 at 1010'])
    expect(clock.stalled).toBe(0)
  })

  test('nor is one that is later still, for all that there was to read: who reads asks for the time', () => {
    arm(100)
    for (let datagram = 0; datagram < 500; datagram += 1) {
      base.stall(10)
      expect(clock.now()).toBe(10 * (datagram + 1))
    }
    base.turn()
    expect(ran).toEqual(['100 at 5000'])
    expect(clock.stalled).toBe(0)
  })

  test('however much time passes at once, with nothing due it passes', () => {
    arm(1e6)
    base.stall(1e6 - 1)
    base.turn()
    expect(clock.now()).toBe(1e6 - 1)
    expect(clock.stalled).toBe(0)
  })

  test('an instant of the past is now, and no stall', () => {
    base.pass(50_000)
    arm(3)
    base.turn()
    expect(ran).toEqual(['3 at 50000'])
    expect(clock.stalled).toBe(0)
  })

  test('a cancelled timer does not run, not even in the turn of the one that cancels it; none is left', () => {
    const cancels = [arm(10), clock.at(20, () => cancels[2]?.()), arm(20, 'c'), arm(30)]
    cancels[0]?.()
    base.pass(25)
    expect(ran).toEqual([])
    expect(base.waiting).toBe(1)
    cancels[3]?.()
    expect(base.waiting).toBe(0)
  })

  test('one timer that throws takes its turn from no other', () => {
    clock.at(10, () => {
      throw new Error('mine')
    })
    arm(10)
    expect(() => base.pass(10)).toThrow('mine')
    base.pass(0)
    expect(ran).toEqual(['10 at 10'])
  })

  test('fractions of a millisecond do not keep a timer from running', () => {
    const fine = new StuckClock(1234.5678)
    const steady = new SteadyClock(fine)
    let runs = 0
    const again = (): void => {
      runs += 1
      steady.at(steady.now() + 0.1 + runs / 7, again)
    }
    again()
    fine.stall(5000.123)
    fine.turn()
    for (let i = 0; i < 1000; i += 1) {
      fine.pass(17.3)
      fine.turn()
    }
    expect(runs).toBeGreaterThan(400)
  })
})

describe('after a stall', () => {
  test.each([
    [1001, 250],
    [1250, 250],
    [5000, 1000],
    [10_000, 2000],
    [100_000, 2000],
  ])('of %i ms nothing is due for %i ms, then everything is, at its instant and with its distances', (late, grace) => {
    arm(100)
    arm(2000)
    base.stall(100 + late)
    base.turn()
    base.pass(grace - 1)
    expect(ran).toEqual([])
    base.pass(1)
    expect(ran).toEqual(['100 at 100'])
    base.pass(1899)
    expect(ran).toHaveLength(1)
    base.pass(1)
    expect(ran).toEqual(['100 at 100', '2000 at 2000'])
    expect(clock.stalled).toBe(late + grace)
  })

  test('whoever asks for the time before the timers have had their turn sees none of it', () => {
    arm(3000)
    base.pass(1000)
    expect(clock.now()).toBe(1000)
    base.stall(7000)
    expect(clock.now()).toBe(2000)
    base.turn()
    expect(ran).toEqual([])
    base.pass(1000)
    expect(ran).toEqual(['3000 at 3000'])
  })

  test('time does not go back; it stands still until it has caught up', () => {
    arm(100)
    base.pass(90)
    expect(clock.now()).toBe(90)
    base.stall(5010)
    expect(clock.now()).toBe(90)
    base.pass(990)
    expect(clock.now()).toBe(90)
    base.pass(5)
    expect(clock.now()).toBe(95)
    base.pass(5)
    expect(ran).toEqual(['100 at 100'])
  })

  test('what was late before is not put off with it', () => {
    arm(100)
    for (let datagram = 0; datagram < 500; datagram += 1) {
      base.stall(10)
      clock.now()
    }
    base.stall(2000)
    expect(clock.now()).toBe(5000)
    expect(clock.stalled).toBe(2400)
    base.turn()
    expect(ran).toEqual(['100 at 5000'])
    base.pass(410)
    expect(clock.now()).toBe(5010)
  })

  test('what is armed in that time is due in it', () => {
    arm(3000)
    base.stall(8000)
    base.turn()
    arm(clock.now() + 20, 'new')
    base.pass(20)
    expect(ran).toEqual(['new at 2020'])
  })

  test('an instant is put off once: a process that is always late gets on', () => {
    arm(100)
    arm(150)
    const turns = () => {
      base.stall(1400)
      base.turn()
      return ran.length
    }
    expect([turns(), turns(), turns(), turns()]).toEqual([0, 1, 1, 2])
    expect(ran).toEqual(['100 at 100', '150 at 150'])
  })
})
