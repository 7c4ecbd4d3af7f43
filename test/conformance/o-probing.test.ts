import { describe, expect, test } from 'vitest'
import { foldName, nameFromText } from '../../src/wire/name.ts'
import {
  a,
  gapsOf,
  HOST,
  INSTANCE,
  instanceAt,
  Lab,
  opaque,
  probesOf,
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

describe('three probes', () => {
  test('R194 prdelay: the first probe leaves within 250 ms, anywhere in that range', () => {
    const delays = Array.from({ length: 200 }, (_, seed) => {
      const [first] = probesOf(new Lab({ seed }).listen(400))
      return first?.after ?? -1
    })
    for (const delay of delays) expect(delay).toBeGreaterThanOrEqual(0)
    for (const delay of delays) expect(delay).toBeLessThanOrEqual(250)
    for (const quarter of [0, 1, 2, 3]) {
      const share = delays.filter((delay) => Math.floor(delay / 62.5) === quarter).length / delays.length
      expect(share).toBeGreaterThan(0.1)
      expect(share).toBeLessThan(0.45)
    }
  })

  test('R195 pr3, R229 an2: three probes 250 ms apart, announced 250 ms after the third and again in a second', () => {
    const heard = new Lab().listen(10_000)
    const probes = timesOfProbes(heard, INSTANCE)
    expect(gapsOf(probes)).toEqual([250, 250])
    const announced = timesOf(heard, INSTANCE, 'SRV')
    expect(gapsOf([probes[2] ?? 0, ...announced])).toEqual([250, 1000])
    expect(timesOfProbes(heard, HOST)).toEqual(probes)
    expect(timesOf(heard, HOST, 'A')).toEqual(announced)
  })

  test('R196 prany, R197 prqu, R198 prauth, R199 prflush, R200 prshared: what a probe holds', () => {
    const heard = new Lab().listen(10_000)
    const [probe] = probesOf(heard)
    const [announcement] = responsesOf(heard)
    if (probe === undefined || announcement === undefined) throw new Error('no probe or no announcement')
    expect(probe.message.questions).toEqual([question(HOST, 'ANY', true), question(INSTANCE, 'ANY', true)])
    const proposed = recordsOf(probe, 'authorities')
    expect(proposed.every((rr) => !rr.flush)).toBe(true)
    const unique = recordsOf(announcement, 'answers').filter((rr) => rr.flush)
    expect(proposed.map((rr) => ({ ...rr, flush: true }))).toEqual(unique)
    expect(recordsOf(probe, 'answers', 'additionals')).toEqual([])
  })

  test('R16 notfirst: where unicast may go astray the probes ask for multicast', () => {
    const probes = probesOf(new Lab({ unicast: false }).listen(2_000))
    expect(probes).toHaveLength(3)
    expect(probes.flatMap(({ message }) => message.questions).some(({ unicast }) => unicast)).toBe(false)
  })

  test('R3 dual: probes and announcements leave once in each family', () => {
    const heard = new Lab({ families: [4, 6] }).listen(10_000)
    for (const family of [4, 6] as const) {
      const mine = heard.filter((each) => each.family === family)
      expect(probesOf(mine)).toHaveLength(3)
      expect(responsesOf(mine)).toHaveLength(2)
      expect(mine).toHaveLength(5)
    }
  })

  test('R213 prregroup: twenty services at once share their probes', () => {
    const publications = Array.from({ length: 20 }, (_, i) => service(`Svc ${i}`))
    const probes = probesOf(new Lab({ publications }).listen(3_000))
    expect(probes.length).toBeLessThanOrEqual(6)
    for (const { message } of probes) {
      for (const { name } of message.questions) {
        expect(message.authorities.some((rr) => foldName(rr.name) === foldName(name))).toBe(true)
      }
    }
  })

  test('R214 prrate: 300 services keep each question with its records, in datagrams that fit', () => {
    const publications = Array.from({ length: 300 }, (_, i) => service(`Svc ${i}`))
    const lab = new Lab({ publications })
    const heard = lab.listen(5_000)
    for (const { bytes } of heard) expect(bytes.length).toBeLessThanOrEqual(1_440)
    for (const { message } of probesOf(heard)) {
      const names = new Set(message.authorities.map((rr) => rr.name))
      expect(message.questions.map(({ name }) => name).sort()).toEqual([...names].sort())
    }
    for (let i = 0; i < 300; i++) expect(timesOf(heard, instanceAt(`Svc ${i}`), 'TXT')).toHaveLength(2)
    expect(lab.events.filter(({ kind }) => kind === 'published')).toHaveLength(300)
  })
})

describe('while it probes', () => {
  test('R127 probingsilent, R128 negprobing, R216 prnoanswer: no answer, and no change of pace', () => {
    const lab = new Lab()
    const start = lab.listen(300)
    const questions = (['SRV', 'AAAA', 'ANY'] as const).map((type) => question(INSTANCE, type))
    lab.ask([...questions, question(HOST, 'AAAA'), question(TYPE, 'PTR')])
    const rest = lab.listen(300).map((each) => ({ ...each, after: each.after + 300 }))
    expect(responsesOf([...start, ...rest])).toEqual([])
    expect(gapsOf(timesOfProbes([...start, ...rest], INSTANCE))).toEqual([250, 250].slice(0, rest.length))
  })

  test('R215 prcancel, R244 gbannounced: withdrawn while probing, it is not heard of again', () => {
    const lab = new Lab()
    lab.listen(300)
    lab.dut.withdraw('Test Svc')
    expect(lab.listen(5_000)).toEqual([])
  })

  test('R202 prcache: what was heard before neither shortens the probing nor costs the name', () => {
    const lab = new Lab({ publications: [] })
    lab.respond([srv(INSTANCE, { port: 1 }), text(INSTANCE, 'theirs')])
    lab.listen(5_000)
    lab.dut.publish(service())
    const heard = lab.listen(5_000)
    expect(timesOfProbes(heard, INSTANCE)).toHaveLength(3)
    expect(timesOf(heard, INSTANCE, 'SRV')).toHaveLength(2)
  })

  test('R206 prearly: a denial before the first probe, or before a deferred one, is no denial', () => {
    const lab = new Lab()
    const first = timesOfProbes(new Lab().listen(300), INSTANCE)[0] ?? 0
    lab.listen(first - 1)
    lab.respond([text(INSTANCE, 'theirs')])
    lab.listen(101)
    lab.probe(INSTANCE, [srv(INSTANCE, { port: 9999 }), text(INSTANCE, 'z=z')])
    lab.listen(900)
    lab.respond([text(INSTANCE, 'theirs')])
    const heard = lab.listen(5_000)
    expect(timesOfProbes(heard, INSTANCE)[0]).toBeCloseTo(100)
    expect(timesOf(heard, INSTANCE, 'SRV')).toHaveLength(2)
    expect(lab.events.some(({ kind }) => kind === 'renamed')).toBe(false)
  })

  test('R240 updmid: new data is what the next probe proposes and what is announced', () => {
    const lab = new Lab()
    const start = lab.listen(600)
    expect(probesOf(start)).toHaveLength(2)
    lab.dut.publish(service('Test Svc', { txt: 'a=2' }))
    const rest = lab.listen(5_000)
    expect(probesOf(rest)).toHaveLength(1)
    for (const each of rest) {
      const found = recordsOf(each).find((rr) => rr.type === 'TXT')
      expect(found).toMatchObject({ data: new TextEncoder().encode('\x03a=2') })
    }
    expect(timesOf(rest, INSTANCE, 'TXT')).toHaveLength(2)
  })

  test('R217 prdown, R193 prwhen: silent without an address; with one it probes and announces, and again later', () => {
    const lab = new Lab()
    const transport = lab.world.transport(lab.dut)
    const addresses = transport.interface(lab.world.lan)?.addresses ?? []
    transport.readdress(lab.world.lan, [])
    expect(lab.listen(5_000)).toEqual([])
    for (let round = 0; round < 2; round++) {
      transport.readdress(lab.world.lan, addresses)
      const heard = lab.listen(5_000)
      expect(timesOfProbes(heard, INSTANCE)).toHaveLength(3)
      expect(timesOf(heard, INSTANCE, 'SRV')).toHaveLength(2)
      transport.readdress(lab.world.lan, [])
      lab.listen(100)
    }
  })
})

describe('denied', () => {
  const denials = {
    'a TXT record alone (R205 pranytype)': { answers: [text(INSTANCE, 'theirs')] },
    'a type that we do not know': { answers: [opaque(INSTANCE, 65_280)] },
    'an additional record (R207 prunion)': { additionals: [srv(INSTANCE, { port: 1 })] },
    'an authority record': { authorities: [srv(INSTANCE, { port: 1 })] },
    'no cache-flush bit': { answers: [{ ...text(INSTANCE, 'theirs'), flush: false }] },
    'a record that cannot be read (R54 rdmis)': { answers: [opaque(INSTANCE, 33, [0, 0, 0])] },
    'other letter case': { answers: [text(nameFromText('TEST SVC._HTTP._tcp.LOCAL'), 'theirs')] },
    'AA clear (R25 aarx)': { answers: [text(INSTANCE, 'theirs')], authoritative: false },
    'unicast to the QU question': { answers: [text(INSTANCE, 'theirs')], unicast: true },
  }

  for (const [how, { unicast = false, ...message }] of Object.entries<Record<string, unknown>>(denials)) {
    test(`R203 prconf, R204 prrename: with ${how}, after the first probe or 240 ms after the third`, () => {
      for (const after of [1, 740]) {
        const lab = new Lab()
        lab.world.runUntil(() => lab.peer.heard.length > 0)
        const early = lab.listen(after)
        lab.respond([], message, unicast ? { to: lab.world.endpoint(lab.dut) } : {})
        const heard = lab.listen(10_000)
        expect(timesOfProbes([...early, ...heard], INSTANCE)).toHaveLength(after === 1 ? 0 : 2)
        expect(timesOf(heard, INSTANCE, 'SRV')).toEqual([])
        expect(timesOfProbes(heard, instanceAt('Test Svc', 1))).toHaveLength(3)
        expect(timesOf(heard, instanceAt('Test Svc', 1), 'SRV')).toHaveLength(2)
        expect(lab.events).toContainEqual({ kind: 'renamed', id: 'Test Svc', attempt: 1 })
      }
    })
  }

  test.each([
    ['a host by a TXT record', text(HOST, 'theirs'), nameFromText('dut-host-2.local')],
    ['a host by an HINFO record', opaque(HOST, 13, [1, 0x61, 1, 0x62]), nameFromText('dut-host-2.local')],
    ['a service by a TXT record', text(INSTANCE, 'theirs'), instanceAt('Test Svc', 1)],
    ['a service by an address', a(INSTANCE, '198.18.0.9'), instanceAt('Test Svc', 1)],
  ])('R205 pranytype: %s alone', (_, answer, next) => {
    const lab = new Lab()
    lab.onProbe(answer.name, () => lab.respond([answer]))
    const heard = lab.listen(10_000)
    expect(timesOfProbes(heard, next)).toHaveLength(3)
    expect(
      responsesOf(heard)
        .flatMap((each) => recordsOf(each))
        .filter(({ name }) => name === answer.name),
    ).toEqual([])
  })

  test('R207 prunion: a goodbye is no denial; R208 ident: nor is exactly what we propose', () => {
    for (const answers of [[text(INSTANCE, 'theirs', 0)], [srv(INSTANCE), text(INSTANCE)]]) {
      const lab = new Lab()
      lab.onProbe(INSTANCE, () => lab.respond(answers))
      const heard = lab.listen(5_000)
      expect(timesOfProbes(heard, INSTANCE)).toHaveLength(3)
      expect(timesOf(heard, INSTANCE, 'SRV')).toHaveLength(2)
    }
  })

  test('R9 rsp5353: from another port it does not count', () => {
    const lab = new Lab()
    lab.onProbe(INSTANCE, () => lab.respond([text(INSTANCE, 'theirs')], {}, { from: { port: 40_000 } }))
    expect(timesOf(lab.listen(5_000), INSTANCE, 'SRV')).toHaveLength(2)
  })

  test('R212 prindep: only the services are denied; the host goes on, each denial is followed by a new name', () => {
    const lab = new Lab()
    let denials = 0
    lab.deny((name) => name.endsWith('_http._tcp.local') && ++denials <= 3)
    const heard = lab.listen(10_000)
    expect(gapsOf(timesOfProbes(heard, HOST))).toEqual([250, 250])
    for (const attempt of [1, 2, 3]) {
      const [before] = timesOfProbes(heard, instanceAt('Test Svc', attempt - 1))
      const [after] = timesOfProbes(heard, instanceAt('Test Svc', attempt))
      expect((after ?? 0) - (before ?? 0)).toBeLessThanOrEqual(1_000)
    }
    expect(timesOf(heard, instanceAt('Test Svc', 3), 'SRV')).toHaveLength(2)
  })

  test('R259 renall: a denied host name is replaced in every SRV record before it is announced', () => {
    const lab = new Lab()
    lab.deny((name) => name === HOST)
    const targets = responsesOf(lab.listen(10_000)).flatMap((each) => recordsOf(each))
    const next = nameFromText('dut-host-2.local')
    expect(lab.events).toContainEqual({ kind: 'host-renamed', host: next })
    expect(targets.filter((rr) => rr.type === 'SRV').every((rr) => 'target' in rr && rr.target === next)).toBe(true)
    expect(targets.some((rr) => rr.type === 'A' && rr.name === next)).toBe(true)
    expect(targets.some((rr) => rr.name === HOST)).toBe(false)
  })

  test('R333 zsocket: probes that could not be sent do not count', () => {
    const lab = new Lab({ publications: [] })
    const wire = lab.world.transport(lab.dut).interface(lab.world.lan)
    if (wire === undefined) throw new Error('no interface')
    wire.failure = new Error('ENETUNREACH')
    lab.dut.publish(service())
    expect(lab.listen(3_000)).toEqual([])
    wire.failure = undefined
    const heard = lab.listen(5_000)
    expect(gapsOf(timesOfProbes(heard, INSTANCE))).toEqual([250, 250])
    expect(timesOf(heard, INSTANCE, 'SRV')).toHaveLength(2)
  })
})
