// Owns the time in which the process could act: it stands still while the event loop is stuck.
// Does not own the time that it is made from (net/clock.ts, sim/clock.ts).
import { NOWHERE, Schedule, type Waiting } from '../mdns/schedule.ts'
import type { Instant } from '../mdns/types.ts'
import { Alarm } from './alarm.ts'
import type { Cancel, Clock } from './ports.ts'

/** Milliseconds. No timer is so late unless the process was kept from running it. */
const STALL = 1000
/**
 * For so long after a stall nothing is due, so that what arrived meanwhile is read in first. Measured: five seconds at
 * 1,000 datagrams a second take half a second to read.
 */
const READ_IN = { part: 1 / 5, least: 250, most: 2000 } as const

interface Timer extends Waiting {
  readonly when: Instant
  /** Undefined once it was cancelled. */
  run: (() => void) | undefined
}

/**
 * After a stall Node.js runs the timers that are late before it reads what has arrived: records would run out whose
 * renewal is waiting in the socket, and of the questions that were to keep them none was asked. So what a timer is
 * late does not count: time goes on a little before the instant that was missed, and everything that was to happen
 * from then on happens in its order. Whatever comes first notices the stall, a timer or a datagram, as both ask for
 * the time.
 *
 * Time never goes back. An instant is put off once; a process that is late again and again gets on all the same. One
 * that is late for all that it has to read is not stuck: it asks for the time with each datagram. Were its time to
 * stand still, while that of its peers goes on, it would fall further and further behind.
 */
export class SteadyClock implements Clock {
  readonly #base: Clock
  readonly #timers = new Schedule<Timer>()
  readonly #alarm: Alarm
  /** The earliest instant that a timer waits for. */
  #due: Instant = Number.POSITIVE_INFINITY
  #last: Instant = Number.NEGATIVE_INFINITY
  /** When somebody last asked for the time, as the base clock has it. */
  #askedAt: Instant = Number.NEGATIVE_INFINITY
  #stalled = 0
  #putOff: Instant = Number.NEGATIVE_INFINITY

  constructor(base: Clock) {
    this.#base = base
    this.#alarm = new Alarm(base, () => this.#ring())
  }

  /** Milliseconds that did not count, in all. */
  get stalled(): number {
    return this.#stalled
  }

  now(): Instant {
    const base = this.#base.now()
    const unasked = base - this.#askedAt
    this.#askedAt = base
    const now = base - this.#stalled
    const late = now - this.#due
    if (unasked <= STALL || late <= STALL) return this.#advance(now)
    return this.#resume(now, Math.min(late, unasked))
  }

  at(when: Instant, run: () => void): Cancel {
    const timer: Timer = { when: Math.max(when, this.now()), run, place: NOWHERE }
    this.#timers.set(timer, timer.when)
    this.#arm()
    return () => {
      timer.run = undefined
      this.#timers.delete(timer)
      this.#arm()
    }
  }

  #advance(now: Instant): Instant {
    if (now > this.#last) this.#last = now
    return this.#last
  }

  #resume(now: Instant, stuck: number): Instant {
    const lost = stuck + (this.#due > this.#putOff ? graceAfter(stuck) : 0)
    this.#putOff = this.#due
    this.#stalled += lost
    this.#arm()
    return this.#advance(now - lost)
  }

  #arm(): void {
    this.#due = this.#timers.wakeAt
    this.#alarm.set(this.#due + this.#stalled)
  }

  #ring(): void {
    const due = this.#due
    const { stalled } = this
    // What the alarm rang for has come, however the sums were rounded.
    if (this.now() < due && this.stalled === stalled) this.#advance(due)
    this.#run(this.#timers.due(this.#last))
  }

  #run(timers: readonly Timer[]): void {
    let started = 0
    try {
      for (const timer of timers) {
        started += 1
        timer.run?.()
      }
    } finally {
      // One that throws takes its turn from no other.
      for (const timer of timers.slice(started)) if (timer.run) this.#timers.set(timer, timer.when)
      this.#arm()
    }
  }
}

function graceAfter(late: number): number {
  return Math.min(Math.max(late * READ_IN.part, READ_IN.least), READ_IN.most)
}
