// A host that loses one packet in ten, or three in ten, of what comes to it: it finds all, and keeps what it has.
import { afterAll, describe, expect, test } from 'vitest'
import { passed } from './observer.ts'
import { Site } from './site.ts'
import type { SiteHost } from './site-host.ts'

const SERVICES = 20
/** The chance that a working program fails here, for each of the two things that each test looks at. */
const RISK = 2.5e-5
/** For processes and answers to get under way. */
const SLACK = 1_500
const PATIENCE = 10_000

const site = new Site()
const lossy: SiteHost[] = []
afterAll(() => site.close())

/**
 * Questions leave at 0, 1, 3, 7, 15 … seconds, RFC 6762 §5.2, in both families. Each time the answer with a service in
 * it is lost, with this chance, in one and in the other. After so many seconds the chance that one of them was lost
 * every time is small enough.
 */
function foundWithin(loss: number): number {
  const rounds = Math.ceil(Math.log(RISK / SERVICES) / (2 * Math.log(loss)))
  return (2 ** (rounds - 1) - 1) * 1000 + SLACK
}

function lose(host: SiteHost, share: number): void {
  for (const command of ['iptables', 'ip6tables']) {
    const when = '-p udp --dport 5353 -m statistic --mode random --probability'
    host.exec(command, '-A', 'INPUT', ...when.split(' '), `${share}`, '-j', 'DROP')
  }
}

/** Packets that were lost, in both families. */
function lost(host: SiteHost): number {
  const listings = ['iptables', 'ip6tables'].map((command) => host.exec(command, '-nvxL', 'INPUT'))
  return listings.reduce((sum, listing) => sum + Number(/^\s*(\d+).*DROP/m.exec(listing)?.[1]), 0)
}

/**
 * Before a record runs out it is asked for four times in both families, of which eight answers all have to be lost;
 * there are fewer than 40 such answers for 20 services. At one in ten the chance of that is 40 × 0.1⁸ = 4e-7. At three
 * in ten it would be 3e-3: it takes a TTL of 60 seconds or more, after which a record is asked for another three times
 * before anybody is told, 40 × 0.3¹⁴ = 2e-6. Both lives are watched to their end.
 */
describe.concurrent.each([
  { loss: 0.1, ttl: 20 },
  { loss: 0.3, ttl: 60 },
])('a loss of $loss', ({ loss, ttl }) => {
  test(`goal 30, goal 31: ${SERVICES} services are found in time, and none is taken for gone`, async () => {
    const wire = site.segment()
    const [server, client] = [site.host('server'), site.host('client')]
    server.plug(wire, { addresses: ['198.18.0.1/24'] })
    client.plug(wire, { addresses: ['198.18.0.2/24'] })
    lose(client, loss)
    lossy.push(client)
    const register = Array.from({ length: SERVICES }, (_, index) => {
      return { name: `service-${index}`, nodes: [{ id: `node-${index}`, address: `:${8000 + index}` }] }
    })
    await server.member({ register, ttl }).has('registered')
    // What it hears is the answers to its questions: the announcements are over.
    await passed(Date.now() + 1_500)
    const watcher = await client.member({ watch: true }).has('started')
    await watcher.until(({ nodes }) => nodes.size === SERVICES, foundWithin(loss))
    const lived = 1.1 * ttl * 1000
    await passed(Date.now() + lived)
    expect(watcher.results.filter(({ action }) => action === 'delete')).toEqual([])
    await server
      .member({ register: [{ name: 'news', nodes: [{ id: 'news', address: ':1' }] }] })
      .has('registered', PATIENCE)
    await watcher.until(({ nodes }) => nodes.has('news'), foundWithin(loss))
  }, 180_000)
})

test('packets were lost, and all programs end well', async () => {
  expect(lossy.reduce((sum, host) => sum + lost(host), 0)).toBeGreaterThan(0)
  expect(await site.endAll()).toEqual([])
})
