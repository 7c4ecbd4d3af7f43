import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/mdns/limits.ts'
import { Truncated, type WholeQuery } from '../../src/mdns/truncated.ts'
import { seededRandom } from '../../src/sim/random.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import {
  ADDRESS,
  a,
  HOST,
  INSTANCE,
  instanceAt,
  Lab,
  ptr,
  question,
  recordsOf,
  responsesOf,
  SUBTYPE,
  service,
  srv,
  TYPE,
  text,
  timesOf,
} from './lab.ts'

/** The times at which the PTR record comes after a question with these known answers. */
function answersTo(known: readonly Rr[], lab = Lab.settled()): readonly number[] {
  lab.ask(question(TYPE, 'PTR'), { answers: known })
  return timesOf(lab.listen(2_000), TYPE, 'PTR')
}

describe('known answers', () => {
  test('R149 kasup: silent if the record is known with half of its TTL or more', () => {
    for (const ttl of [4_500, 2_250]) expect(answersTo([ptr(TYPE, INSTANCE, ttl)])).toEqual([])
  })

  test('R150 kalow: known with less, it is answered in 20 to 120 ms', () => {
    for (const ttl of [2_249, 1, 0]) {
      const times = answersTo([ptr(TYPE, INSTANCE, ttl)])
      expect(times).toHaveLength(1)
      expect(times[0]).toBeGreaterThanOrEqual(20)
      expect(times[0]).toBeLessThanOrEqual(120)
    }
  })

  test('R149 kasup: of an odd TTL, half is half', () => {
    const records = () => [ptr(TYPE, INSTANCE, 75)]
    for (const [ttl, count] of [
      [38, 0],
      [37, 1],
    ] as const) {
      const lab = Lab.settled({ publications: [{ id: 'odd', needsHost: false, records }] })
      expect(answersTo([ptr(TYPE, INSTANCE, ttl)], lab)).toHaveLength(count)
    }
  })

  test('R151 kamatch: name, type, class and rdata have to match, letter case and compression do not', () => {
    expect(answersTo([ptr(TYPE, instanceAt('Other'))])).toHaveLength(1)
    expect(answersTo([{ ...ptr(TYPE, INSTANCE), class: 3 }])).toHaveLength(1)
    expect(answersTo([{ ...ptr(TYPE, INSTANCE), type: 'CNAME' } as Rr])).toHaveLength(1)
    expect(answersTo([ptr(SUBTYPE, INSTANCE)])).toHaveLength(1)
    const shouted = ptr(nameFromText('_HTTP._TCP.LOCAL'), nameFromText('TEST SVC._HTTP._TCP.LOCAL'))
    expect(answersTo([shouted])).toEqual([])
  })

  test('R152 kaadd: that the additional records are known does not matter', () => {
    expect(answersTo([srv(INSTANCE), text(INSTANCE)])).toHaveLength(1)
  })

  test('R153 kapart: of three instances the one that is known is left out', () => {
    const labels = ['One', 'Two', 'Three']
    const lab = Lab.settled({ publications: labels.map((label) => service(label)) })
    lab.ask(question(TYPE, 'PTR'), { answers: [ptr(TYPE, instanceAt('Two'))] })
    const answers = responsesOf(lab.listen(2_000)).flatMap((each) => recordsOf(each, 'answers'))
    expect(answers).toEqual([ptr(TYPE, instanceAt('One')), ptr(TYPE, instanceAt('Three'))])
  })

  test('R154 kaqu: they count in QU, direct unicast and legacy queries too', () => {
    const lab = Lab.settled()
    const known = { answers: [srv(INSTANCE)] }
    lab.ask(question(INSTANCE, 'SRV', true), known)
    lab.ask(question(INSTANCE, 'SRV'), known, { to: lab.world.endpoint(lab.dut) })
    lab.ask(question(INSTANCE, 'SRV'), known, { from: { port: 40_000 } })
    expect(lab.listen(2_000)).toEqual([])
    lab.ask(question(INSTANCE, 'SRV', true))
    expect(lab.listen(2_000)).toHaveLength(1)
  })

  test('R155 kaany: of all records the unknown ones are sent, at once', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'ANY'), { answers: [srv(INSTANCE)] })
    const heard = lab.listen(2_000)
    expect(timesOf(heard, INSTANCE, 'TXT')).toEqual([0])
    lab.ask(question(INSTANCE, 'ANY'), { answers: [srv(INSTANCE), text(INSTANCE)] })
    expect(lab.listen(2_000)).toEqual([])
  })

  test('R123 rrset: a set of which one member is unknown is sent whole', () => {
    const lab = Lab.settled()
    const addresses = [ADDRESS, '198.18.0.77']
    const own = addresses.map((address) => ({ address, family: 4, prefixLength: 16 }) as const)
    lab.world.transport(lab.dut).readdress(lab.world.lan, own)
    lab.listen(5_000)
    lab.ask(question(HOST, 'A'), { answers: [a(HOST, ADDRESS)] })
    const [reply] = responsesOf(lab.listen(2_000))
    expect(reply && recordsOf(reply, 'answers')).toEqual(addresses.map((address) => a(HOST, address)))
    lab.ask(question(HOST, 'A'), { answers: addresses.map((address) => a(HOST, address)) })
    expect(lab.listen(2_000)).toEqual([])
  })
})

describe('truncated queries', () => {
  const truncated = true

  test('R136 tc400: with nothing following, the answer comes in 400 to 500 ms, evenly', () => {
    const lab = Lab.settled()
    const quarters = [0, 0, 0, 0]
    for (let round = 0; round < 200; round++) {
      lab.ask(question(TYPE, 'PTR'), { truncated })
      const [time = 0] = timesOf(lab.listen(2_000), TYPE, 'PTR')
      expect(time).toBeGreaterThanOrEqual(400)
      expect(time).toBeLessThanOrEqual(500)
      quarters[Math.floor((time - 400) / 25)] = (quarters[Math.floor((time - 400) / 25)] ?? 0) + 1
    }
    for (const count of quarters) expect(count / 200).toBeGreaterThan(0.1)
    for (const count of quarters) expect(count / 200).toBeLessThan(0.45)
  })

  test('R137 tcext: each further truncated datagram extends the wait, the last one does not', () => {
    const lab = Lab.settled()
    lab.ask(question(TYPE, 'PTR'), { truncated })
    const early = [lab.listen(300)]
    for (let i = 0; i < 2; i++) {
      lab.say({ truncated, answers: [ptr(TYPE, instanceAt(`Other ${i}`))] })
      early.push(lab.listen(300))
    }
    lab.say({ answers: [ptr(TYPE, instanceAt('Last'))] })
    expect(early.flat()).toEqual([])
    const [time] = timesOf(lab.listen(2_000), TYPE, 'PTR')
    expect(time).toBeGreaterThanOrEqual(100)
    expect(time).toBeLessThanOrEqual(200)
  })

  test('R138 tcmerge: what the same address goes on to list is not answered; what another one lists is', () => {
    for (const [address, count] of [
      ['198.18.0.2', 0],
      ['198.18.0.3', 1],
    ] as const) {
      const lab = Lab.settled()
      lab.ask(question(TYPE, 'PTR'), { truncated, id: 1 })
      lab.listen(50)
      lab.say({ answers: [ptr(TYPE, INSTANCE)], id: 2 }, { from: { address } })
      expect(timesOf(lab.listen(2_000), TYPE, 'PTR')).toHaveLength(count)
    }
  })

  test('R138 tcmerge, R139 tcother: another host that asks the same, or something else, has its answer in time', () => {
    const lab = Lab.settled()
    lab.ask(question(TYPE, 'PTR'), { truncated })
    lab.listen(50)
    lab.ask(question(TYPE, 'PTR'), {}, { from: { address: '198.18.0.3' } })
    lab.ask(question(INSTANCE, 'TXT'), {}, { from: { address: '198.18.0.4' } })
    lab.say({ answers: [ptr(TYPE, INSTANCE)] })
    const heard = lab.listen(2_000)
    expect(timesOf(heard, INSTANCE, 'TXT')).toEqual([0])
    const times = timesOf(heard, TYPE, 'PTR')
    expect(times).toHaveLength(1)
    expect(times[0]).toBeLessThanOrEqual(120)
  })

  test('R14 offsubqu: a truncated QU query from another subnet is answered by multicast', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'SRV', true), { truncated }, { from: { address: '203.0.113.9' } })
    lab.listen(2_000)
    const replies = lab.world.transcript.filter(({ sender, at }) => sender === 'dut-host' && at > 5_000)
    expect(replies.map(({ viaGroup }) => viaGroup)).toEqual([true])
  })

  test('R272 srcipka: two queriers on one address do not silence us', () => {
    const lab = Lab.settled()
    lab.ask(question(TYPE, 'PTR'), { truncated })
    lab.listen(20)
    lab.ask(question(INSTANCE, 'TXT'), { answers: [ptr(TYPE, INSTANCE)] })
    expect(timesOf(lab.listen(1_000), INSTANCE, 'TXT')).toEqual([0])
    expect(answersTo([], lab)).toHaveLength(1)
  })

  test('R140 tcbound, R327 zkaflood: floods of truncated queries hold little, and mute nobody', () => {
    const lab = Lab.settled()
    for (let i = 0; i < 2_000; i++) {
      const address = `198.18.${1 + (i >> 8)}.${i & 255}`
      lab.ask(question(TYPE, 'PTR'), { truncated }, { from: { address } })
      lab.say({ truncated, answers: [ptr(TYPE, INSTANCE)] })
      if (i % 100 === 0) lab.listen(100)
    }
    lab.listen(3_000)
    lab.say({ truncated, answers: [ptr(TYPE, INSTANCE)] })
    lab.ask(question(TYPE, 'PTR'), {}, { from: { address: '198.18.0.200' } })
    const times = timesOf(lab.listen(3_000), TYPE, 'PTR')
    expect(times[0]).toBeLessThanOrEqual(120)
    expect(lab.errors).toEqual([])
  })

  test('R140 tcbound: the caps hold for hosts and for the datagrams of one, which cannot wait for ever', () => {
    const held = new Truncated(seededRandom(1), LIMITS)
    const from = (i: number) => ({ address: `198.18.0.${i}`, port: 5353 })
    const query = (i: number): WholeQuery => {
      return { from: from(i), viaGroup: true, onLink: true, questions: [question(TYPE, 'PTR')], known: new Map() }
    }
    for (let i = 0; i < LIMITS.truncatedSources; i++) expect(held.add(query(i), true, 0)).toBe(true)
    expect(held.add(query(250), true, 0)).toBe(false)
    expect(held.size).toBe(LIMITS.truncatedSources)
    for (let at = 0; at < 60_000 && held.has(from(0)); at += 100) {
      held.add(query(0), true, at)
      const [whole] = held.due(at).filter((each) => each.from.address === from(0).address)
      if (whole === undefined) continue
      expect(whole.questions.length).toBeLessThanOrEqual(LIMITS.truncatedParts)
      expect(at).toBeLessThanOrEqual(LIMITS.truncatedParts * 500)
    }
    expect(held.has(from(0))).toBe(false)
  })
})
