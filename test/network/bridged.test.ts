// A host that is on one wire twice, as with a bridge between its own interfaces: it is no rival of itself.
import { afterAll, describe, expect, test } from 'vitest'
import { passed } from './observer.ts'
import { Site } from './site.ts'

const PATIENCE = 10_000
const SETTLED_AFTER = 8_000
const WATCHED_FOR = 30_000
/** What the one standing question may ask in that time, RFC 6762 §5.2: twice, on each of two links in two families. */
const QUESTIONS = 2 * 2 * 2
const TYPE = '_http._tcp'

const site = new Site()
afterAll(() => site.close())

/** Linux drops IPv4 packets from an address of its own, unless it is told not to; IPv6 has no such rule. */
describe.concurrent.each([
  ['drops', '0'],
  ['takes in', '1'],
])('a host that %s what it hears of itself', (_title, acceptLocal) => {
  test('is known by both of its addresses, keeps its names, and is silent once all is said', async () => {
    const wire = site.segment()
    const [twice, third] = [site.host('twice'), site.host('third')]
    for (const index of [1, 2]) {
      twice.plug(wire, { interface: `lan${index}`, addresses: [`198.18.0.${index}/24`] })
      twice.sysctl(`ipv4/conf/lan${index}/rp_filter`, '0')
      twice.sysctl(`ipv4/conf/lan${index}/accept_local`, acceptLocal)
    }
    twice.sysctl('ipv4/conf/all/rp_filter', '0')
    third.plug(wire, { addresses: ['198.18.0.3/24'] })
    const other = third.member({ browse: TYPE, advertise: [{ name: 'Third', type: TYPE, port: 3 }] })
    const own = twice.member({ browse: TYPE, advertise: [{ name: 'Twice', type: TYPE, port: 1 }] })
    await Promise.all([other.has('advertised'), own.has('advertised')])

    const both = ['198.18.0.1%lan0', '198.18.0.2%lan0']
    await other.until(() => both.every((address) => other.addressesOf('Twice').includes(address)), PATIENCE)
    await own.until(() => own.addressesOf('Third').includes('198.18.0.3%lan1'), PATIENCE)
    await passed(Date.now() + SETTLED_AFTER)
    const before = [twice.sent(), third.sent()]
    await passed(Date.now() + WATCHED_FOR)
    const sent = [twice, third].map((host, index) => host.sent() - (before[index] ?? 0))
    expect(sent.filter((count) => count > QUESTIONS)).toEqual([])

    for (const member of [other, own]) {
      const events = member.seen.map(({ event, name }) => `${event} ${name}`)
      expect(events.filter((event) => !event.startsWith('update')).sort()).toEqual(['up Third', 'up Twice'])
      expect(member.instances.get('Twice')?.host).toBe('twice.local')
      expect(member.process.lines.filter(({ event }) => event === 'renamed')).toEqual([])
    }
    expect(both.every((address) => other.addressesOf('Twice').includes(address))).toBe(true)
  })
})
