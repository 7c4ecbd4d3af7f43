import { describe, expect, test } from 'vitest'
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
  TYPE,
  timesOf,
} from './lab.ts'

const multicast = (heard: readonly Heard[]) => responsesOf(heard).filter(({ viaGroup }) => viaGroup)

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
