import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import {
  ADDRESS,
  a,
  type Heard,
  HOST,
  INSTANCE,
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

const FOREIGN = nameFromText('elsewhere.local')

const multicast = (heard: readonly Heard[]) => responsesOf(heard).filter(({ viaGroup }) => viaGroup)
const unicast = (heard: readonly Heard[]) => responsesOf(heard).filter(({ viaGroup }) => !viaGroup)

describe('defence', () => {
  const theirs = [srv(INSTANCE, { port: 1 })]

  test('R142 def0, R81 quprobe: a QU probe is answered at once by unicast, with all records of the name', () => {
    const lab = Lab.settled()
    const questions = [question(FOREIGN, 'ANY', true), question(INSTANCE, 'ANY', true)]
    lab.say({ questions, authorities: [...theirs, a(FOREIGN, '198.18.0.9')].map((rr) => ({ ...rr, flush: false })) })
    const replies = unicast(lab.listen(10))
    expect(replies).toHaveLength(1)
    expect(replies.flatMap((each) => recordsOf(each, 'answers'))).toEqual([srv(INSTANCE), text(INSTANCE)])
  })

  test('R146 rate250: QM probes get their defence in time, four or five in a second and no more', () => {
    const lab = new Lab()
    lab.world.runUntil(() => lab.events.some(({ kind }) => kind === 'published'))
    const start = lab.world.now
    for (let i = 0; i < 200; i++) lab.world.clock.at(start + i * 5, () => lab.probe(INSTANCE, theirs))
    const times = timesOf(lab.listen(990), INSTANCE, 'SRV')
    expect(times).toEqual([0, 250, 500, 750])
  })

  test('R146 rate250: an ordinary question for the same record does not put the defence off', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'SRV'))
    lab.listen(100)
    lab.probe(INSTANCE, theirs)
    lab.listen(50)
    lab.ask(question(INSTANCE, 'SRV'))
    expect(timesOf(lab.listen(2_000), INSTANCE, 'SRV')[0]).toBe(100)
  })

  test('R266 ifall: the host name is defended on every link', () => {
    const lab = Lab.settled({ families: [4, 6] })
    for (const family of [4, 6] as const) {
      lab.probe(HOST, [a(HOST, '198.18.0.9')], { family })
      const heard = lab.listen(10)
      expect(
        timesOf(
          heard.filter((each) => each.family === family),
          HOST,
          'A',
        ),
      ).toEqual([0])
      lab.listen(2_000)
    }
  })
})

describe('another host answers', () => {
  test('R156 dupa: a planned answer is dropped if another host gives it with no smaller TTL', () => {
    for (const [ttl, count] of [
      [4_500, 0],
      [4_499, 1],
      [2_250, 1],
    ] as const) {
      const lab = Lab.settled()
      lab.ask(question(TYPE, 'PTR'))
      lab.listen(5)
      lab.respond([ptr(TYPE, INSTANCE, ttl)])
      expect(timesOf(lab.listen(2_000), TYPE, 'PTR')).toHaveLength(count)
    }
  })

  test('R328 zsilence: only what is planned is dropped', () => {
    const lab = Lab.settled()
    lab.respond([ptr(TYPE, INSTANCE)])
    lab.listen(10)
    lab.ask(question(TYPE, 'PTR'))
    expect(timesOf(lab.listen(2_000), TYPE, 'PTR')).toHaveLength(1)
  })

  test('R157 dupaown: a unicast answer to us says nothing to those who asked by multicast', () => {
    const lab = Lab.settled()
    lab.dut.publish(service('Second'))
    lab.listen(400)
    lab.ask(question(SUBTYPE, 'PTR'))
    lab.listen(5)
    lab.respond([ptr(SUBTYPE, INSTANCE)], {}, { to: lab.world.endpoint(lab.dut) })
    expect(timesOf(lab.listen(300), SUBTYPE, 'PTR')).toHaveLength(1)
  })

  test('R157 dupaown, R246 rescue: a goodbye for a record of ours is contradicted within 120 ms', () => {
    const lab = Lab.settled()
    lab.respond([ptr(TYPE, INSTANCE, 0)])
    const [time] = timesOf(lab.listen(2_000), TYPE, 'PTR')
    expect(time).toBeLessThanOrEqual(120)
  })

  test('R247 coop: a copy with less than half of our TTL is corrected, one with half of it is not', () => {
    const lab = Lab.settled()
    lab.respond([ptr(TYPE, INSTANCE, 2_250)])
    expect(lab.listen(2_000)).toEqual([])
    lab.respond([ptr(TYPE, INSTANCE, 2_249)])
    expect(timesOf(lab.listen(2_000), TYPE, 'PTR')).toHaveLength(1)
  })

  test('R123 rrset: one address of two is never sent alone, be it rescued, or the other given by another host', () => {
    const lab = Lab.settled()
    const transport = lab.world.transport(lab.dut)
    const addresses = ['198.18.0.1', '198.18.0.77'].map(
      (address) => ({ address, family: 4, prefixLength: 16 }) as const,
    )
    transport.readdress(lab.world.lan, addresses)
    lab.listen(5_000)
    lab.respond([a(HOST, ADDRESS, 0)])
    const rescued = multicast(lab.listen(2_000))
    lab.ask(question(HOST, 'A'))
    lab.listen(100)
    lab.ask(question(HOST, 'A'))
    lab.respond([a(HOST, ADDRESS, 120)])
    const limited = multicast(lab.listen(2_000))
    for (const heard of [rescued, limited]) {
      const found = heard.flatMap((each) => recordsOf(each)).filter((rr) => rr.type === 'A')
      expect(found).toHaveLength(2)
      for (const { address } of addresses) expect(found).toContainEqual(a(HOST, address))
    }
  })
})
