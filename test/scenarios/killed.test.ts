import { describe, expect, test } from 'vitest'
import type { Browser } from '../../src/dnssd/browser.ts'
import { instanceName } from '../../src/dnssd/service-type.ts'
import type { Family, Instant } from '../../src/mdns/types.ts'
import type { Transmission } from '../../src/sim/network.ts'
import { decode } from '../../src/wire/decode.ts'
import { Lan, type Station } from '../dnssd/lan.ts'

const VICTIM = instanceName('station-0', '_http._tcp')

interface Killed {
  readonly lan: Lan
  readonly at: Instant
  readonly watchers: readonly Station[]
  readonly browsers: readonly Browser[]
  /** When each watcher was told, in milliseconds after the kill, and why. */
  readonly told: readonly { readonly watcher: string; readonly after: number; readonly reason: string }[]
}

/** Ten stations advertise; the first is killed while the nine others watch. */
function killed(seed: number, families: readonly Family[]): Killed {
  const lan = new Lan({ seed, families })
  const stations = Array.from({ length: 10 }, (_, i) => lan.station(`station-${i}`))
  for (const { name, dnssd } of stations) dnssd.advertise({ name, type: 'http', port: 80 })
  const watchers = stations.slice(1)
  const browsers = watchers.map(({ dnssd }) => dnssd.browse('http'))
  lan.world.run(200_000 + 10_000 * seed)
  const at = lan.world.now
  const told: { watcher: string; after: number; reason: string }[] = []
  for (const [i, browser] of browsers.entries()) {
    const watcher = watchers[i]?.name ?? ''
    browser.on('down', (_, reason) => told.push({ watcher, after: lan.world.now - at, reason }))
  }
  const [victim] = stations
  if (victim) lan.world.transport(victim.host).disconnect(lan.world.lan)
  return { lan, at, watchers, browsers, told }
}

/** Whether a datagram asks for something that only the victim could answer. */
function asksForVictim({ bytes }: Transmission): boolean {
  const { response, questions } = decode(bytes)
  return !response && questions.some(({ name }) => name === VICTIM || name === 'station-0.local')
}

describe.each([[[4]], [[4, 6]]] as const)('over IPv%j, of a host that was killed', (families) => {
  test('goal 26: all nine watchers are told in 125 s, and until they are, ask fifteen times per family at most', () => {
    for (let seed = 0; seed < 5; seed++) {
      const { lan, at, told } = killed(seed, families)
      expect(lan.world.runUntil(() => told.length === 9, 125_000)).toBe(true)
      const toldAt = new Map(told.map(({ watcher, after }) => [watcher, at + after]))
      const queries = lan.world.transcript.filter(
        (sent) => sent.at >= at && sent.at < (toldAt.get(sent.sender) ?? 0) && asksForVictim(sent),
      )
      for (const family of families) {
        expect(queries.filter((query) => query.family === family).length, `seed ${seed}`).toBeLessThanOrEqual(15)
      }
      expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(['expired']))
    }
  })

  test('goal 27: a watcher that cannot connect and says so is told in seven seconds', () => {
    for (let seed = 0; seed < 5; seed++) {
      const { lan, watchers, told, browsers } = killed(seed, families)
      lan.world.run(20_000)
      const from = told.length
      watchers[0]?.host.reconfirm(VICTIM, 'SRV')
      lan.world.run(7_000)
      expect(from).toBe(0)
      expect(told.map(({ reason }) => reason)).toEqual(['unconfirmed'])
      expect(browsers[0]?.services).toHaveLength(9)
    }
  })
})
