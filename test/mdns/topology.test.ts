// What becomes of names and records when a link goes, comes back, turns out to be another one, or was slept through.
import { describe, expect, test } from 'vitest'
import type { LinkAddress } from '../../src/mdns/types.ts'
import type { Message, Rr } from '../../src/wire/types.ts'
import { Rig } from '../conformance/rig.ts'
import { a, HOST, instance, ptr, srv, TYPE, txt } from './records.ts'

const SECOND = 1000
const WEB = instance('web')
const OTHER = instance('other')

function publish(rig: Rig): void {
  rig.host.publish({
    id: 'web',
    needsHost: true,
    records: ({ host, attempt }) => {
      const name = instance(attempt === 0 ? 'web' : `web ${attempt + 1}`)
      return [ptr(name), srv(name, { target: host }), txt(name)]
    },
  })
}

function recordsOf({ answers, authorities, additionals }: Message): readonly Rr[] {
  return [...answers, ...authorities, ...additionals]
}

/** A host that has published and asked, has heard of another service, and is at rest. */
function settled(): Rig {
  const rig = Rig.interested()
  publish(rig)
  rig.run(20 * SECOND)
  rig.respond(ptr(OTHER), a('198.18.0.9'))
  rig.run(10 * SECOND)
  return rig
}

function addressesOf(rig: Rig): readonly LinkAddress[] {
  return rig.world.transport(rig.host).interface(rig.world.lan)?.addresses ?? []
}

function flap(rig: Rig, milliseconds: number): void {
  const addresses = addressesOf(rig)
  const transport = rig.world.transport(rig.host)
  transport.disconnect(rig.world.lan)
  rig.run(milliseconds)
  transport.connect(rig.world.lan, { addresses })
}

/** Everything that has been sent since, in short. */
function sentSince(rig: Rig, since: number): { readonly probes: number; readonly announcements: number } {
  const sent = rig.sent.filter(({ at }) => at >= since).map(({ message }) => message)
  return {
    probes: sent.filter(({ authorities }) => authorities.length > 0).length,
    announcements: sent.filter(({ response, answers }) => response && answers.some(({ type }) => type === 'SRV'))
      .length,
  }
}

describe('a link that comes back in time', () => {
  test('R111 topo: is asked again with no known answers, and what is heard again was never away', () => {
    const rig = settled()
    const news = rig.news.length
    flap(rig, 2 * SECOND)
    const back = rig.now
    rig.run(200)
    const [asked] = rig.asked(TYPE, 'PTR').filter(({ at }) => at >= back)
    expect(asked?.question.unicast).toBe(true)
    expect(asked?.message.answers).toEqual([])
    rig.respond(ptr(OTHER), a('198.18.0.9'))
    rig.run(60 * SECOND)
    expect(rig.news.slice(news).filter(({ what }) => !what.includes('web'))).toEqual([])
    expect(rig.known(TYPE, 'PTR')).toEqual([OTHER, WEB])
  })

  test('R111 topo: what is not heard again goes ten seconds after', () => {
    const rig = settled()
    flap(rig, 2 * SECOND)
    const back = rig.now
    rig.run(60 * SECOND)
    const lost = rig.news.filter(({ at, what }) => at >= back && what.startsWith('-'))
    expect(lost).toEqual([
      { at: back + 10 * SECOND, what: '- 198.18.0.9 link-gone' },
      { at: back + 10 * SECOND, what: `- ${OTHER} link-gone` },
    ])
  })

  test('R193 prwhen: probes and announces again, and keeps its name', () => {
    const rig = settled()
    flap(rig, 2 * SECOND)
    const back = rig.now
    rig.run(5 * SECOND)
    expect(sentSince(rig, back)).toEqual({ probes: 3, announcements: 2 })
    expect(rig.known(TYPE, 'PTR')).toContain(WEB)
  })

  test('goal 48: twenty times in a row, nothing is lost of a service that is there whenever it is asked', () => {
    const rig = settled()
    const news = rig.news.length
    rig.peer.onHear = ({ bytes }) => {
      if (!bytes.subarray(2, 3).every((byte) => byte < 0x80)) return
      rig.world.clock.at(rig.now + 50, () => rig.respond(ptr(OTHER), a('198.18.0.9')))
    }
    for (let round = 0; round < 20; round++) {
      flap(rig, 1500)
      rig.run(1500)
    }
    rig.run(30 * SECOND)
    expect(rig.news.slice(news).filter(({ what }) => !what.includes('web'))).toEqual([])
  })

  test('nothing is sent on it, or asked of it, while it is away', () => {
    const rig = settled()
    const transport = rig.world.transport(rig.host)
    const addresses = addressesOf(rig)
    transport.disconnect(rig.world.lan)
    const before = rig.sent.length
    rig.ask(WEB, 'TXT')
    rig.run(4 * SECOND)
    expect(rig.host.stats.links).toEqual([])
    transport.connect(rig.world.lan, { addresses })
    rig.run(SECOND)
    expect(rig.sent.length).toBeGreaterThan(before)
    expect(rig.asked(WEB, 'TXT').length).toBeGreaterThan(0)
  })
})

describe('goal 47: a machine that slept', () => {
  test('R193 prwhen: probes and announces again without a new name, although its own old packets come back', () => {
    const rig = settled()
    const renamed: string[] = []
    rig.host.on((event) => {
      if (event.kind === 'renamed' || event.kind === 'host-renamed') renamed.push(event.kind)
    })
    const announcement = rig.sent.findLast(({ message }) => message.response && message.answers.length > 2)
    rig.world.transport(rig.host).wake()
    const woken = rig.now
    rig.peer.send(announcement?.bytes ?? new Uint8Array())
    rig.run(300)
    rig.peer.send(announcement?.bytes ?? new Uint8Array())
    rig.run(5 * SECOND)
    expect(sentSince(rig, woken)).toEqual({ probes: 3, announcements: 2 })
    expect(renamed).toEqual([])
  })

  test('R75 newiface, R76 quinit: asks for everything again, first by QU', () => {
    const rig = settled()
    rig.world.transport(rig.host).wake()
    const woken = rig.now
    rig.run(10 * SECOND)
    for (const [name, type] of [
      [TYPE, 'PTR'],
      [HOST, 'A'],
    ] as const) {
      const asked = rig.asked(name, type).filter(({ at }) => at >= woken)
      expect(asked.map(({ question }) => question.unicast)).toEqual([true, false, false, false])
      expect((asked[0]?.at ?? 0) - woken).toBeLessThanOrEqual(120)
    }
  })

  test('all that it knew is heard again within ten seconds, or goes', () => {
    const rig = settled()
    const news = rig.news.length
    rig.world.transport(rig.host).wake()
    const woken = rig.now
    rig.run(SECOND)
    rig.respond(a('198.18.0.9'))
    rig.run(60 * SECOND)
    expect(rig.news.slice(news)).toEqual([{ at: woken + 10 * SECOND, what: `- ${OTHER} link-gone` }])
    expect(rig.known(HOST, 'A')).toEqual(['198.18.0.9'])
  })
})

describe('a link that changes its addresses', () => {
  const NEW = '198.19.3.1'
  const readdress = (rig: Rig, address: string) =>
    rig.world.transport(rig.host).readdress(rig.world.lan, [{ address, family: 4, prefixLength: 24 }])

  test('R239 updaddr: within its network, tells the new one at once, and neither probes nor asks', () => {
    const rig = settled()
    readdress(rig, '198.18.0.77')
    const changed = rig.now
    rig.run(5 * SECOND)
    const told = rig.sent.filter(({ at, message }) => at >= changed && message.response)
    expect(told.map(({ at }) => at - changed)).toEqual([0, 1000])
    for (const { message } of told) {
      expect(message.answers.map((rr) => 'address' in rr && rr.flush && rr.address)).toEqual(['198.18.0.77'])
    }
    expect(rig.known(TYPE, 'PTR')).toContain(OTHER)
  })

  test('R193 prwhen: to those of another network, takes back the old one at once, and starts as on a new link', () => {
    const rig = settled()
    readdress(rig, NEW)
    const changed = rig.now
    rig.run(20 * SECOND)
    const [first, ...others] = rig.sent.filter(({ at }) => at >= changed)
    expect(first?.at).toBe(changed)
    expect(first?.message.answers).toEqual([expect.objectContaining({ address: '198.18.0.1', ttl: 0 })])
    expect(others.some(({ message }) => recordsOf(message).some((rr) => 'address' in rr && rr.address === NEW))).toBe(
      true,
    )
    expect(sentSince(rig, changed)).toEqual({ probes: 3, announcements: 2 })
    expect(rig.askedAt(TYPE, 'PTR').filter((at) => at >= changed).length).toBeGreaterThanOrEqual(4)
    expect(rig.known(TYPE, 'PTR')).toEqual([WEB])
  })
})
