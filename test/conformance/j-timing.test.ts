import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import type { Question } from '../../src/wire/types.ts'
import {
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
