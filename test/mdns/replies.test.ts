import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import type { Question } from '../../src/wire/types.ts'
import {
  ADDRESS,
  a,
  gapsOf,
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

const META = nameFromText('_services._dns-sd._udp.local')
const FOREIGN = nameFromText('elsewhere.local')

function shares(delays: readonly number[]): readonly number[] {
  const counts = [0, 0, 0, 0]
  for (const delay of delays) {
    const quarter = Math.min(3, Math.floor((delay - 20) / 25))
    counts[quarter] = (counts[quarter] ?? 0) + 1
  }
  return counts.map((count) => count / delays.length)
}

/** What is left of the replies: a unicast one to the peer is not a multicast one. */
const multicast = (heard: readonly Heard[]) => responsesOf(heard).filter(({ viaGroup }) => viaGroup)
const unicast = (heard: readonly Heard[]) => responsesOf(heard).filter(({ viaGroup }) => !viaGroup)

describe('when an answer leaves', () => {
  test('R133 imm10: what only we can answer is answered at once', () => {
    const lab = Lab.settled()
    const questions: readonly Question[] = [
      question(INSTANCE, 'SRV'),
      question(INSTANCE, 'TXT'),
      question(HOST, 'A'),
      question(INSTANCE, 'ANY'),
      question(HOST, 'AAAA'),
    ]
    for (let round = 0; round < 100; round++) {
      lab.ask(questions[round % questions.length] ?? [])
      const heard = lab.listen(2_000)
      expect(multicast(heard).map(({ after }) => after)).toEqual([0])
    }
  })

  test('R134 sh20, R148 nocollide: a shared answer waits 20 to 120 ms, evenly over that range', () => {
    const lab = Lab.settled()
    const delays = Array.from({ length: 400 }, () => {
      lab.ask(question(TYPE, 'PTR'))
      const heard = lab.listen(2_000)
      expect(heard).toHaveLength(1)
      return heard[0]?.after ?? -1
    })
    for (const delay of delays) expect(delay).toBeGreaterThanOrEqual(20)
    for (const delay of delays) expect(delay).toBeLessThanOrEqual(120)
    for (const share of shares(delays)) expect(share).toBeGreaterThan(0.15)
    for (const share of shares(delays)) expect(share).toBeLessThan(0.35)
  })

  test('R135 mq20: with several questions even unique answers wait', () => {
    const lab = Lab.settled()
    for (let round = 0; round < 50; round++) {
      lab.ask([question(INSTANCE, 'SRV'), question(HOST, 'A'), question(FOREIGN, 'A')])
      const heard = lab.listen(2_000)
      const [time] = timesOf(heard, INSTANCE, 'SRV')
      expect(time).toBeGreaterThanOrEqual(20)
      expect(time).toBeLessThanOrEqual(120)
      expect(timesOf(heard, HOST, 'A')).toEqual([time])
    }
  })

  test('R141 agg500: two shared questions back to back get one datagram', () => {
    for (let seed = 0; seed < 50; seed++) {
      const lab = Lab.settled({ seed })
      lab.ask(question(TYPE, 'PTR'))
      lab.listen(5)
      lab.ask(question(SUBTYPE, 'PTR'))
      const heard = multicast(lab.listen(2_000))
      expect(heard).toHaveLength(1)
      expect(heard.flatMap((each) => recordsOf(each, 'answers')).map(({ name }) => name)).toEqual([TYPE, SUBTYPE])
    }
  })

  test('R141 agg500: however often others ask, an answer leaves within 620 ms', () => {
    const labels = Array.from({ length: 40 }, (_, i) => nameFromText(`_s${i}._sub._http._tcp.local`))
    const records = () => labels.map((name) => ptr(name, INSTANCE))
    const lab = Lab.settled({ publications: [{ id: 'pointers', needsHost: false, records }] })
    const asked = new Map<string, number>()
    const start = lab.world.now
    labels.forEach((name, i) => {
      lab.world.clock.at(start + i * 18, () => {
        asked.set(name, i * 18)
        lab.ask(question(name, 'PTR'))
      })
    })
    const heard = lab.listen(5_000)
    for (const name of labels) {
      const [time] = timesOf(heard, name, 'PTR')
      expect((time ?? 0) - (asked.get(name) ?? 0)).toBeLessThanOrEqual(620)
      expect((time ?? 0) - (asked.get(name) ?? 0)).toBeGreaterThanOrEqual(20)
    }
  })
})

describe('one multicast per record and second', () => {
  test('R143 rate1s: asked ten times in a second, a record is multicast once, and next a second later', () => {
    const lab = Lab.settled()
    const all: number[] = []
    for (let i = 0; i < 30; i++) {
      lab.ask(question(i % 2 ? TYPE : SUBTYPE, 'PTR'), {}, { from: { address: `198.18.1.${i + 1}` } })
      all.push(...timesOf(lab.listen(100), INSTANCE, 'SRV').map((time) => time + i * 100))
    }
    expect(all.length).toBeGreaterThan(1)
    for (const gap of gapsOf(all)) expect(gap).toBeGreaterThanOrEqual(1_000)
  })

  test('R143 rate1s: no record of any section comes twice within a second, whatever is asked', () => {
    const publications = [service(), service('Other')]
    const lab = Lab.settled({ publications, families: [4, 6] })
    const names = [TYPE, SUBTYPE, INSTANCE, HOST]
    const start = lab.world.now
    for (let i = 0; i < 500; i++) {
      const name = names[(i * 7) % 4] ?? HOST
      const type = (['PTR', 'SRV', 'A', 'ANY', 'AAAA', 'TXT'] as const)[i % 6] ?? 'A'
      lab.world.clock.at(start + i * 13, () => lab.ask(question(name, type), {}, { family: i % 3 ? 4 : 6 }))
    }
    const last = new Map<string, number>()
    for (const each of multicast(lab.listen(10_000))) {
      for (const { class: _, flush, ...rr } of recordsOf(each)) {
        const key = `${each.family} ${JSON.stringify(rr)}`
        expect(each.after - (last.get(key) ?? -9_999)).toBeGreaterThanOrEqual(1_000)
        last.set(key, each.after)
      }
    }
    expect(last.size).toBeGreaterThan(10)
  })

  test('R143 rate1s: an answer that an announcement has given is not given again', () => {
    const lab = new Lab()
    lab.world.runUntil(() => lab.events.some(({ kind }) => kind === 'published'))
    lab.listen(950)
    lab.ask([question(TYPE, 'PTR'), question(SUBTYPE, 'PTR')])
    expect(timesOf(lab.listen(5_000), TYPE, 'PTR')).toEqual([50])
  })

  test('R144 rateper: the limit of one record holds back no other, and no other link', () => {
    const lab = Lab.settled({ families: [4, 6] })
    lab.ask(question(INSTANCE, 'TXT'))
    lab.listen(100)
    lab.ask(question(INSTANCE, 'SRV'))
    lab.ask(question(INSTANCE, 'TXT'), {}, { family: 6 })
    const heard = multicast(lab.listen(10))
    expect(
      timesOf(
        heard.filter(({ family }) => family === 4),
        INSTANCE,
        'SRV',
      ),
    ).toEqual([0])
    expect(
      timesOf(
        heard.filter(({ family }) => family === 6),
        INSTANCE,
        'TXT',
      ),
    ).toEqual([0])
  })

  test('R145 ratelate: a unicast reply does not count as a multicast one', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'SRV', true))
    expect(unicast(lab.listen(100))).toHaveLength(1)
    lab.ask(question(INSTANCE, 'SRV'))
    expect(multicast(lab.listen(10))).toHaveLength(1)
  })

  test('R147 lateann: a question after the first announcement does not touch the second', () => {
    const lab = new Lab()
    lab.world.runUntil(() => lab.events.some(({ kind }) => kind === 'published'))
    lab.listen(100)
    lab.ask(question(INSTANCE, 'SRV'))
    expect(timesOf(lab.listen(5_000), INSTANCE, 'SRV')).toEqual([900])
  })
})

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

  test('R123 rrset: one address of two is never sent alone, be it rescued, or the other one given by another host', () => {
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

test('R118 auth, R119 posonly, R120 noerr, R130 unint: what is not ours is answered with silence', () => {
  const lab = Lab.settled()
  const other = nameFromText('Other._http._tcp.local')
  lab.dut.ask(nameFromText('_ipp._tcp.local'), 'PTR', () => {})
  lab.respond([ptr(nameFromText('_ipp._tcp.local'), other), srv(other)])
  lab.listen(10_000)
  const questions = [question(other, 'SRV'), question(FOREIGN, 'ANY'), question(META, 'PTR')]
  for (const each of questions) lab.ask(each)
  lab.ask(question(nameFromText('_ipp._tcp.local'), 'PTR'))
  expect(responsesOf(lab.listen(3_000))).toEqual([])
})
