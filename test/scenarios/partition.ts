// Owns the experiment of a LAN that is parted for ten minutes, and how soon all have to see all again.
// Does not own how many seeds it takes.
import { expect } from 'vitest'
import type { Instant } from '../../src/mdns/types.ts'
import { Lan, type Station } from '../dnssd/lan.ts'

const SIDE = 10
const MINUTE = 60_000
/** Milliseconds after the heal in which all must have found all. */
const WORST = 140_000
const MEDIAN = 60_000

interface Healed {
  /** Of each station, when it saw all services again, in milliseconds; Infinity if it did not. */
  readonly times: readonly Instant[]
  /** Of each station, how many datagrams it sent meanwhile. */
  readonly sent: readonly number[]
}

/** Twenty stations that advertise and browse are parted for ten minutes. */
function healed(seed: number, ttl?: number): Healed {
  const lan = new Lan({ seed })
  const stations = Array.from({ length: 2 * SIDE }, (_, i) => lan.station(`station-${i}`))
  const browsers = stations.map(({ name, dnssd }) => {
    lan.world.run(300)
    dnssd.advertise({ name, type: 'http', port: 80, ...(ttl && { ttl }) })
    return dnssd.browse('http')
  })
  lan.world.run(MINUTE)
  lan.world.partition(hostsOf(stations.slice(0, SIDE)), hostsOf(stations.slice(SIDE)))
  lan.world.run(10 * MINUTE)
  expect(browsers.map(({ services }) => services.length)).toEqual(stations.map(() => SIDE))
  lan.world.heal()
  const from = lan.world.now
  const times = stations.map(() => Number.POSITIVE_INFINITY)
  for (const [i, browser] of browsers.entries()) {
    browser.on('up', () => {
      if (browser.services.length === stations.length) times[i] = lan.world.now - from
    })
  }
  lan.world.run(WORST)
  return { times, sent: stations.map((station) => lan.messages(station, from).length) }
}

function hostsOf(stations: readonly Station[]) {
  return stations.map(({ host }) => host)
}

/** Over all seeds together. */
export function expectHealed(seeds: readonly number[], ttl?: number): void {
  const runs = seeds.map((seed) => healed(seed, ttl))
  const times = runs.flatMap((run) => run.times).sort((a, b) => a - b)
  expect(times[times.length / 2]).toBeLessThanOrEqual(MEDIAN)
  expect(times.at(-1)).toBeLessThanOrEqual(WORST)
  expect(Math.max(...runs.flatMap(({ sent }) => sent))).toBeLessThanOrEqual(30)
}
