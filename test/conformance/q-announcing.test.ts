import { describe, expect, test } from 'vitest'
import type { Publication } from '../../src/mdns/types.ts'
import type { Rr } from '../../src/wire/types.ts'
import {
  ADDRESS,
  a,
  brief,
  gapsOf,
  type Heard,
  HOST,
  INSTANCE,
  instanceAt,
  Lab,
  probesOf,
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

const answersOf = (heard: readonly Heard[]): readonly Rr[] => responsesOf(heard).flatMap((e) => recordsOf(e, 'answers'))
const goodbyesOf = (heard: readonly Heard[]) => answersOf(heard).filter(({ ttl }) => ttl === 0)
const updated = (txt: string): Publication => service('Test Svc', { txt })

describe('announcing', () => {
  test('R232 anall, R233 anflush: everything new is in the answers, twice, with the bits that it needs', () => {
    for (const { message } of responsesOf(new Lab().listen(10_000))) {
      expect(message.answers.map(brief)).toEqual([
        `A! ${HOST} 120`,
        `PTR ${TYPE} 4500`,
        `PTR ${SUBTYPE} 4500`,
        `SRV! ${INSTANCE} 120`,
        `TXT! ${INSTANCE} 4500`,
      ])
      expect(message.additionals.map(brief)).toEqual([`NSEC! ${HOST} 120`])
    }
  })

  test('R230 an8, R231 anper: two announcements of eight that are allowed, then nothing in 24 hours', () => {
    const lab = new Lab({ families: [4, 6] })
    expect(
      responsesOf(lab.listen(5_000))
        .map(({ family }) => family)
        .sort(),
    ).toEqual([4, 4, 6, 6])
    expect(lab.listen(24 * 3_600_000)).toEqual([])
  })

  test('R234 ansep: a second service does not announce the first one again', () => {
    const lab = Lab.settled()
    lab.dut.publish(service('Other'))
    const heard = lab.listen(10_000)
    expect(timesOf(heard, instanceAt('Other'), 'SRV')).toHaveLength(2)
    expect(timesOf(heard, INSTANCE, 'SRV')).toEqual([])
    expect(probesOf(heard).flatMap(({ message }) => message.questions)).toHaveLength(3)
  })

  test('R201 prskip: records that are shared alone are announced at once', () => {
    const lab = Lab.settled()
    const records = () => [ptr(SUBTYPE, instanceAt('Elsewhere'))]
    lab.dut.publish({ id: 'pointer', needsHost: false, records })
    expect(responsesOf(lab.listen(5_000)).map(({ after }) => after)).toEqual([0, 1_000])
    expect(lab.events.at(-1)).toEqual({ kind: 'published', id: 'pointer', attempt: 0 })
  })
})

describe('updates', () => {
  test('R235 upd, R236 updunique: new data is announced twice, without a probe, a goodbye or anything else', () => {
    const lab = Lab.settled()
    lab.dut.publish(updated('a=2'))
    const heard = lab.listen(10_000)
    expect(heard.map(({ after, message }) => [after, message.answers])).toEqual([
      [0, [text(INSTANCE, 'a=2')]],
      [1_000, [text(INSTANCE, 'a=2')]],
    ])
  })

  test('R237 updshared: a shared record that changes gets a goodbye before its successor', () => {
    const target = (name: string): Publication => {
      return { id: 'pointer', needsHost: false, records: () => [ptr(SUBTYPE, instanceAt(name))] }
    }
    const lab = Lab.settled({ publications: [target('Old')] })
    lab.dut.publish(target('New'))
    const told = answersOf(lab.listen(5_000))
    expect(told.slice(0, 2)).toEqual([ptr(SUBTYPE, instanceAt('Old'), 0), ptr(SUBTYPE, instanceAt('New'))])
    expect(told.slice(2).some((rr) => rr.ttl > 0 && 'target' in rr && rr.target === instanceAt('Old'))).toBe(false)
  })

  test('R238 uprate: a hundred updates in ten seconds are about ten announcements, and the last one counts', () => {
    const lab = Lab.settled()
    for (let i = 1; i <= 100; i++) lab.world.clock.at(lab.world.now + i * 100, () => lab.dut.publish(updated(`a=${i}`)))
    const heard = lab.listen(60_000)
    const values = answersOf(heard).map((rr) => ('data' in rr ? Buffer.from(rr.data.slice(1)).toString() : ''))
    expect(new Set(values).size).toBeLessThanOrEqual(13)
    expect(values.at(-1)).toBe('a=100')
    lab.ask(question(INSTANCE, 'TXT'))
    expect(answersOf(lab.listen(100))).toEqual([text(INSTANCE, 'a=100')])
  })

  test('R238 uprate: an update that waits is void when the data goes back to what is announced', () => {
    const lab = Lab.settled()
    for (let i = 11; i <= 20; i++) lab.dut.publish(updated(`a=${i}`))
    lab.dut.publish(updated('a=21'))
    lab.dut.publish(updated('a=20'))
    lab.listen(60_000)
    lab.ask(question(INSTANCE, 'TXT'))
    expect(answersOf(lab.listen(100))).toEqual([text(INSTANCE, 'a=20')])
  })

  test('R238 uprate: after a quiet minute there are ten again', () => {
    const lab = Lab.settled()
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10; i++) lab.dut.publish(updated(`a=${round}.${i}`))
      const [first] = answersOf(lab.listen(60_000))
      expect(first).toEqual(text(INSTANCE, `a=${round}.0`))
      lab.ask(question(INSTANCE, 'TXT'))
      expect(answersOf(lab.listen(100))).toEqual([text(INSTANCE, `a=${round}.9`)])
    }
  })

  test('R239 updaddr: a new set of addresses is announced whole, on the links of both families', () => {
    const lab = Lab.settled({ families: [4, 6] })
    const transport = lab.world.transport(lab.dut)
    const before = transport.interface(lab.world.lan)?.addresses ?? []
    transport.readdress(lab.world.lan, [...before, { address: '198.18.0.77', family: 4, prefixLength: 16 }])
    const heard = lab.listen(10_000)
    for (const family of [4, 6] as const) {
      const mine = heard.filter((each) => each.family === family)
      expect(mine.map(({ after }) => after)).toEqual([0, 1_000])
      for (const each of mine) {
        expect(recordsOf(each, 'answers')).toEqual([a(HOST, ADDRESS), a(HOST, '198.18.0.77')])
      }
    }
    transport.readdress(
      lab.world.lan,
      before.filter((own) => own.family === 6),
    )
    const gone = goodbyesOf(lab.listen(10_000)).filter(
      (rr, i, all) => all.findIndex((e) => brief(e) === brief(rr)) === i,
    )
    expect(gone.map(brief)).toEqual([`A! ${HOST} 0`])
  })

  test('an update during the announcements announces everything again, once more in a second', () => {
    const lab = new Lab()
    lab.world.runUntil(() => lab.events.some(({ kind }) => kind === 'published'))
    lab.listen(500)
    lab.dut.publish(updated('a=2'))
    const heard = lab.listen(5_000)
    expect(gapsOf(timesOf(heard, INSTANCE, 'TXT'))).toEqual([1_000])
    expect(timesOf(heard, TYPE, 'PTR')).toHaveLength(2)
  })
})

describe('goodbye', () => {
  test('R241 gb, R243 gbonce: all records at once, and the addresses with the last service', () => {
    const lab = Lab.settled()
    lab.dut.withdraw('Test Svc')
    const heard = lab.listen(5_000)
    expect(heard[0]?.after).toBe(0)
    const gone = recordsOf(heard[0] as Heard)
    expect(gone).toEqual(
      [ptr(TYPE, INSTANCE), ptr(SUBTYPE, INSTANCE), srv(INSTANCE), text(INSTANCE), a(HOST, ADDRESS)].map((rr) => {
        return { ...rr, ttl: 0 }
      }),
    )
    expect(heard.length).toBeLessThanOrEqual(3)
    expect(answersOf(heard).every(({ ttl }) => ttl === 0)).toBe(true)
    lab.ask(question(INSTANCE, 'SRV'))
    lab.ask(question(HOST, 'A'))
    expect(lab.listen(2_000)).toEqual([])
  })

  test('R242 gbshared: what another service needs stays', () => {
    const meta: Publication = { ...service('Meta'), records: (site) => [...service().records(site).slice(0, 1)] }
    const lab = Lab.settled({ publications: [service(), service('Other'), { ...meta, id: 'same pointer' }] })
    lab.dut.withdraw('Test Svc')
    const gone = goodbyesOf(lab.listen(5_000)).map(brief)
    expect(new Set(gone)).toEqual(new Set([`PTR ${SUBTYPE} 0`, `SRV! ${INSTANCE} 0`, `TXT! ${INSTANCE} 0`]))
  })

  test('R243 gbonce: an answer that waits, to one or to all, is dropped with its record', () => {
    for (let seed = 0; seed < 20; seed++) {
      const lab = Lab.settled({ seed })
      lab.ask(question(TYPE, 'PTR'))
      lab.ask(question(SUBTYPE, 'PTR', true))
      lab.listen(10)
      lab.dut.withdraw('Test Svc')
      const heard = lab.listen(3_000)
      expect(heard.flatMap((each) => recordsOf(each)).filter(({ ttl }) => ttl > 0)).toEqual([])
    }
  })

  test('R243 gbonce: an update keeps a delayed answer from giving the old data', () => {
    const target = (port: number): Publication => {
      return { id: 'pointer', needsHost: false, records: () => [ptr(SUBTYPE, instanceAt(`At ${port}`))] }
    }
    const lab = Lab.settled({ publications: [target(1)] })
    lab.ask(question(SUBTYPE, 'PTR', true))
    lab.ask(question(SUBTYPE, 'PTR'))
    lab.listen(10)
    lab.dut.publish(target(2))
    const old = lab
      .listen(3_000)
      .flatMap((each) => recordsOf(each))
      .filter((rr) => 'target' in rr && rr.target === instanceAt('At 1'))
    expect(old.every(({ ttl }) => ttl === 0)).toBe(true)
  })

  test('withdrawn and published again: the second goodbye does not end the new life', () => {
    const target: Publication = { id: 'pointer', needsHost: false, records: () => [ptr(SUBTYPE, INSTANCE)] }
    const lab = Lab.settled({ publications: [target] })
    lab.dut.withdraw('pointer')
    lab.listen(50)
    lab.dut.publish(target)
    expect(goodbyesOf(lab.listen(5_000))).toEqual([])
  })

  test('R262 renuser: another name under the same id is a goodbye, three probes and two announcements', () => {
    const lab = Lab.settled()
    lab.dut.publish(service('New - Bonjour Service Name', { id: 'Test Svc' }))
    const heard = lab.listen(10_000)
    const next = instanceAt('New - Bonjour Service Name')
    const gone = goodbyesOf(heard).map(brief)
    expect(new Set(gone)).toEqual(
      new Set([`PTR ${TYPE} 0`, `PTR ${SUBTYPE} 0`, `SRV! ${INSTANCE} 0`, `TXT! ${INSTANCE} 0`]),
    )
    expect(probesOf(heard, next)).toHaveLength(3)
    expect(timesOf(heard, next, 'SRV')).toHaveLength(2)
    expect(timesOf(heard, HOST, 'A').length).toBeLessThanOrEqual(2)
  })

  test('closing says goodbye on every link before the host is closed', async () => {
    const lab = Lab.settled({ families: [4, 6] })
    const first = lab.peer.heard.length
    const start = lab.world.now
    await lab.world.close()
    expect(lab.world.now - start).toBeLessThanOrEqual(250)
    expect(lab.events.at(-1)).toEqual({ kind: 'closed' })
    lab.listen(0)
    const families = new Set(lab.peer.heard.slice(first).map(({ family }) => family))
    expect(families).toEqual(new Set([4, 6]))
    expect(lab.listen(5_000)).toEqual([])
  })
})
