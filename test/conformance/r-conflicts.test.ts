import { describe, expect, test } from 'vitest'
import { HOST_ID, hostNameAt, hostPublication } from '../../src/mdns/host-records.ts'
import { decode } from '../../src/wire/decode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Message, Rr } from '../../src/wire/types.ts'
import {
  a,
  brief,
  gapsOf,
  HOST,
  INSTANCE,
  instanceAt,
  Lab,
  opaque,
  probesOf,
  ptr,
  question,
  recordsOf,
  responsesOf,
  service,
  srv,
  TYPE,
  text,
  timesOf,
  timesOfProbes,
} from './lab.ts'

const theirs = srv(INSTANCE, { port: 1 })
const NEXT = instanceAt('Test Svc', 1)

/** What the host does after a settled start when it hears this response once. */
function afterResponse(message: Partial<Message>, options = {}) {
  const lab = Lab.settled(options)
  lab.respond([], message)
  const heard = lab.listen(5_000)
  return { lab, heard, probes: timesOfProbes(heard, INSTANCE) }
}

describe('after announcing', () => {
  test('R248 confdef, R249 confsections, R250 confreprobe: probed for again, in whatever section it came', () => {
    for (const section of ['answers', 'authorities', 'additionals'] as const) {
      const { lab, heard, probes } = afterResponse({ [section]: [theirs] })
      expect(probes[0]).toBeLessThanOrEqual(250)
      expect(gapsOf(probes)).toEqual([250, 250])
      expect(timesOf(heard, INSTANCE, 'SRV')).toHaveLength(2)
      expect(heard.flatMap((each) => recordsOf(each)).filter(({ ttl }) => ttl === 0)).toEqual([])
      expect(lab.events.filter(({ kind }) => kind === 'renamed')).toEqual([])
      expect(timesOfProbes(heard, HOST)).toEqual([])
    }
  })

  test('R250 confreprobe: meanwhile the name is not answered for', () => {
    const lab = Lab.settled()
    lab.respond([theirs])
    lab.listen(300)
    lab.ask(question(INSTANCE, 'TXT'))
    lab.ask(question(TYPE, 'PTR'))
    expect(responsesOf(lab.listen(300))).toEqual([])
  })

  test('R250 confreprobe: everything is announced again, also if the last announcement was of an update', () => {
    const lab = Lab.settled()
    lab.dut.publish(service('Test Svc', { txt: 'a=2' }))
    lab.listen(5_000)
    lab.respond([theirs])
    const heard = lab.listen(5_000)
    for (const type of ['SRV', 'TXT'] as const) expect(timesOf(heard, INSTANCE, type)).toHaveLength(2)
    expect(timesOf(heard, TYPE, 'PTR')).toHaveLength(2)
  })

  test('R251 conflose, R257 renscheme: if the name is defended then, the next one is claimed', () => {
    const lab = Lab.settled()
    lab.onProbe(INSTANCE, () => lab.respond([theirs, text(INSTANCE)]))
    lab.respond([theirs])
    const heard = lab.listen(5_000)
    expect(timesOfProbes(heard, INSTANCE)).toHaveLength(1)
    expect(timesOfProbes(heard, NEXT)).toHaveLength(3)
    expect(timesOf(heard, NEXT, 'SRV')).toHaveLength(2)
    expect(timesOf(heard, INSTANCE, 'SRV')).toEqual([])
  })

  test('R245 gbrename: the winner keeps its pointer, in both families', () => {
    const lab = Lab.settled({ families: [4, 6] })
    lab.onProbe(INSTANCE, (_, { family }) => lab.respond([theirs, text(INSTANCE), ptr(TYPE, INSTANCE)], {}, { family }))
    for (const family of [4, 6] as const) lab.respond([theirs, ptr(TYPE, INSTANCE)], {}, { family })
    const heard = lab.listen(5_000)
    expect(timesOf(heard, NEXT, 'SRV').length).toBeGreaterThan(0)
    const gone = heard.flatMap((each) => recordsOf(each)).filter(({ ttl }) => ttl === 0)
    expect(gone.filter(({ type }) => type === 'PTR')).toEqual([])
  })

  test('R252 confshared, R253 confset, R254 confttl0, R271 coloc: what is no conflict moves nothing', () => {
    const innocent: readonly Rr[][] = [
      [ptr(TYPE, instanceAt('Other'))],
      [a(HOST, '198.18.0.77', 0)],
      [srv(INSTANCE), text(INSTANCE)],
      [a(HOST, '198.18.0.1')],
      [{ ...theirs, class: 3 }],
      [opaque(INSTANCE, 65_280)],
    ]
    for (const answers of innocent) expect(afterResponse({ answers }).heard).toEqual([])
    expect(afterResponse({ answers: [a(HOST, '198.18.0.1')] }, { families: [4, 6] }).heard).toEqual([])
  })

  test('R255 confonce: a stray announcement of our own, of an address we had, costs no more than a probe', () => {
    const lab = Lab.settled()
    const old = lab.peer.heard.find(({ bytes }) => decode(bytes).response)?.bytes ?? new Uint8Array()
    lab.world.transport(lab.dut).readdress(lab.world.lan, [{ address: '198.18.0.77', family: 4, prefixLength: 16 }])
    lab.listen(5_000)
    lab.peer.send(old)
    const heard = lab.listen(5_000)
    expect(timesOfProbes(heard, HOST)).toHaveLength(3)
    expect(lab.events.some(({ kind }) => kind === 'host-renamed')).toBe(false)
    expect(timesOf(heard, HOST, 'A')).toHaveLength(2)
  })

  test('R9 rsp5353: from another port it is no conflict', () => {
    const lab = Lab.settled()
    lab.respond([theirs], {}, { from: { port: 40_000 } })
    expect(lab.listen(3_000)).toEqual([])
  })
})

describe('a name that two publications share', () => {
  const SHARED = nameFromText('printer.local')
  const records = () => [a(SHARED, '198.18.0.50')]
  const publications = ['one', 'two'].map((id) => ({ id, needsHost: false, records }))

  test('R248 confdef: it is defended as long as one of them is there', () => {
    for (const withdrawn of ['one', 'two']) {
      const lab = Lab.settled({ publications })
      lab.dut.withdraw(withdrawn)
      expect(responsesOf(lab.listen(2_000)).flatMap((each) => recordsOf(each))).toEqual([])
      lab.respond([a(SHARED, '198.18.0.99')])
      expect(timesOfProbes(lab.listen(2_000), SHARED)).toHaveLength(3)
    }
  })

  test('R250 confreprobe, R203 prconf: a conflict is one of both, while they probe and after', () => {
    const lab = Lab.settled({ publications })
    lab.respond([a(SHARED, '198.18.0.99')])
    lab.listen(300)
    lab.ask(question(SHARED, 'A'))
    expect(responsesOf(lab.listen(200))).toEqual([])
    lab.respond([a(SHARED, '198.18.0.99')])
    lab.listen(10)
    expect(lab.events.flatMap((event) => (event.kind === 'renamed' ? [event.id] : [])).sort()).toEqual(['one', 'two'])
  })
})

describe('renaming', () => {
  test('R259 renall, R260 renpersist, R261 renmulti: a host name lost on one link is changed on all', () => {
    const lab = Lab.settled({ families: [4, 6] })
    const next = nameFromText('dut-host-2.local')
    const theirHost = a(HOST, '198.18.0.99')
    lab.onProbe(HOST, (_, { family }) => family === 6 && lab.respond([theirHost], {}, { family: 6 }))
    lab.respond([theirHost], {}, { family: 6 })
    const heard = lab.listen(5_000)
    expect(lab.events).toContainEqual({ kind: 'host-renamed', host: next })
    for (const family of [4, 6] as const) {
      const mine = heard.filter((each) => each.family === family)
      expect(timesOfProbes(mine, next)).toHaveLength(3)
      expect(timesOf(mine, next, 'A')).toHaveLength(2)
      const targets = mine.flatMap((each) => recordsOf(each)).filter((rr) => rr.type === 'SRV')
      expect(targets.length).toBeGreaterThan(0)
      expect(targets.every((rr) => 'target' in rr && rr.target === next)).toBe(true)
    }
    const gone = heard.flatMap((each) => recordsOf(each)).filter(({ ttl }) => ttl === 0)
    expect(new Set(gone.map(brief))).toEqual(new Set([`A! ${HOST} 0`, `AAAA! ${HOST} 0`]))
    expect(lab.events.filter(({ kind }) => kind === 'renamed')).toEqual([])
  })

  test('R257 renscheme, R258 renlen: host names count up and stay within 63 bytes', () => {
    expect([0, 1, 2].map((attempt) => hostNameAt('dut-host', attempt))).toEqual([
      'dut-host.local',
      'dut-host-2.local',
      'dut-host-3.local',
    ])
    const long = 'x'.repeat(63)
    for (const attempt of [0, 1, 9, 99, 12_345]) {
      const [label = ''] = hostNameAt(long, attempt).split('.')
      expect(label).toHaveLength(63)
    }
    expect(new Set([0, 1, 9, 99].map((attempt) => hostNameAt(long, attempt))).size).toBe(4)
    expect(hostPublication.id).toBe(HOST_ID)
  })

  test('R209 pr15, R331 zrename: all denied for ten minutes is no more than 15 attempts and one in 5 s', () => {
    for (const families of [[4], [4, 6]] as const) {
      const lab = new Lab({ families })
      lab.deny((name) => name.endsWith('_http._tcp.local'))
      const heard = lab.listen(600_000)
      const attempts = new Map<string, number>()
      for (const { message, after } of probesOf(heard)) {
        for (const { name } of message.questions) if (!attempts.has(name)) attempts.set(name, after)
      }
      attempts.delete(HOST)
      const times = [...attempts.values()]
      expect(times.length).toBeGreaterThan(15)
      expect(times.length).toBeLessThanOrEqual(15 + 120)
      for (const gap of gapsOf(times.slice(15))) expect(gap).toBeGreaterThanOrEqual(5_000)
      expect((times[15] ?? 0) - (times[14] ?? 0)).toBeGreaterThanOrEqual(5_000)
    }
  })

  test.each([
    ['of a service', 'Test Svc'],
    ['of the host', HOST_ID],
  ])('R211 pr1min: when no name %s was free for a minute the program is told, once', (_, id) => {
    const lab = new Lab()
    lab.deny((name) => name.endsWith('_http._tcp.local') === (id !== HOST_ID))
    const told = () => lab.events.filter(({ kind }) => kind === 'struggling')
    lab.listen(60_000)
    expect(told()).toEqual([])
    lab.listen(10_000)
    expect(told()).toEqual([{ kind: 'struggling', id }])
    lab.listen(300_000)
    lab.peer.onHear = undefined
    lab.listen(60_000)
    expect(told()).toHaveLength(1)
  })

  test('R210 pr15reset: after a quiet minute a new service is probed for at the normal pace', () => {
    const lab = new Lab()
    lab.deny((name) => name.endsWith('_http._tcp.local'))
    lab.listen(10_000)
    lab.peer.onHear = undefined
    lab.listen(60_000)
    lab.dut.publish(service('Other'))
    const heard = lab.listen(5_000)
    const probes = timesOfProbes(heard, instanceAt('Other'))
    expect(probes[0]).toBeLessThanOrEqual(250)
    expect(probes).toHaveLength(3)
  })

  test('R256 confloop: a host that contradicts every announcement for five minutes gets one attempt in 5 s', () => {
    const lab = Lab.settled()
    lab.peer.onHear = ({ bytes }) => {
      const { response, answers } = decode(bytes)
      const own = response ? answers.find(({ type, ttl }) => type === 'SRV' && ttl > 0) : undefined
      if (own) lab.respond([srv(own.name, { port: 1 })])
    }
    lab.respond([theirs])
    const heard = lab.listen(300_000)
    const probes = timesOfProbes(heard, INSTANCE)
    expect(probes.length / 3).toBeLessThanOrEqual(15 + 60)
    const late = responsesOf(heard)
      .filter(({ after }) => after > 100_000)
      .map(({ after }) => after)
    for (const gap of gapsOf(late)) expect(gap).toBeGreaterThanOrEqual(5_000)
    expect(lab.errors).toEqual([])
  })

  test('a service renamed before it was ready is ready under its new name', () => {
    const lab = new Lab()
    lab.deny((name) => name === INSTANCE)
    lab.listen(10_000)
    const told = lab.events.filter((event) => 'id' in event && event.id === 'Test Svc')
    expect(told).toEqual([
      { kind: 'renamed', id: 'Test Svc', attempt: 1 },
      { kind: 'published', id: 'Test Svc', attempt: 1 },
    ])
  })

  test('two services renamed at once do not end up with one name', () => {
    const lab = new Lab({ publications: [service('One'), service('Two')] })
    lab.deny((name) => name === instanceAt('One') || name === instanceAt('Two'))
    const heard = lab.listen(10_000)
    for (const label of ['One', 'Two']) expect(timesOf(heard, instanceAt(label, 1), 'SRV')).toHaveLength(2)
  })
})
