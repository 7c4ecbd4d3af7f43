import { describe, expect, test } from 'vitest'
import type { Name, Rr } from '../../src/wire/types.ts'
import { Bct, CASES, contradiction, EARLIER, hostAt, isHost, isInstance, LATER, namesProbed } from './bct.ts'
import {
  a,
  gapsOf,
  HOST,
  INSTANCE,
  instanceAt,
  question,
  recordsOf,
  responsesOf,
  srv,
  TYPE,
  text,
  timesOf,
  timesOfProbes,
  unflushed,
} from './lab.ts'

const SUBJECTS = [
  { what: 'A', name: HOST, isOfKind: isHost, renamed: hostAt(1) },
  { what: 'SRV', name: INSTANCE, isOfKind: isInstance, renamed: instanceAt('Test Svc', 1) },
] as const

describe.each(CASES)('SUBSEQUENT CONFLICT, $written', ({ spell }) => {
  test.each(SUBJECTS)('R250 confreprobe, R251 conflose: $what, the tester defends', ({ name, isOfKind, renamed }) => {
    const bct = Bct.announced()
    bct.contradict(
      (probed) => probed === name,
      (probed) => contradiction(spell(probed)),
    )
    bct.respond([contradiction(spell(name))])
    const heard = bct.listen(10_000)
    const [first = Number.NaN] = timesOfProbes(heard, name)
    expect(first).toBeLessThanOrEqual(250)
    expect(namesProbed(heard, isOfKind)).toEqual([name, renamed, renamed, renamed])
    expect(timesOf(heard, renamed, name === HOST ? 'A' : 'SRV')).toHaveLength(2)
    const pointers = responsesOf(heard).flatMap((each) =>
      recordsOf(each, 'answers').filter(({ type }) => type === 'PTR'),
    )
    const targets = pointers.flatMap((rr) => (rr.type === 'PTR' && rr.name === TYPE ? [rr.target] : []))
    expect(targets).toEqual(name === HOST ? [] : [renamed, renamed])
  })

  test.each(SUBJECTS)(
    'R250 confreprobe, R255 confonce: $what, nobody defends, and the device keeps its name',
    ({ name, isOfKind }) => {
      const bct = Bct.announced()
      bct.respond([contradiction(spell(name))])
      const heard = bct.listen(10_000)
      expect(namesProbed(heard, isOfKind)).toEqual([name, name, name])
      const times = timesOfProbes(heard, name)
      expect(gapsOf(times)).toEqual([250, 250])
      const last = times.at(-1) ?? Number.NaN
      expect(timesOf(heard, name, name === HOST ? 'A' : 'SRV')).toEqual([last + 250, last + 1_250])
      const goodbyes = responsesOf(heard)
        .flatMap((each) => recordsOf(each))
        .filter(({ ttl }) => ttl === 0)
      expect(goodbyes).toEqual([])
    },
  )

  test.each(SUBJECTS)('R250 confreprobe: $what is not answered with while it is in doubt', ({ what, name }) => {
    const bct = Bct.announced()
    bct.respond([contradiction(spell(name))])
    for (const after of [1, 100, 300, 500, 700]) {
      bct.world.clock.at(bct.world.now + after, () => bct.ask(question(spell(name), what)))
    }
    expect(timesOf(bct.listen(740), name, what)).toEqual([])
  })

  test.each([
    ['the same data', (name: Name) => (isHost(name) ? [a(name, '198.18.0.1')] : [srv(name), text(name)])],
    ['a goodbye to other data', (name: Name) => [{ ...contradiction(name), ttl: 0 }]],
    ['a known answer', undefined],
  ] as const)(
    'R248 confdef, R254 confttl0: %s is no conflict',
    (_, records: ((name: Name) => readonly Rr[]) | undefined) => {
      const bct = Bct.announced()
      for (const name of [HOST, INSTANCE]) {
        if (records) bct.respond(records(spell(name)))
        else bct.ask(question(spell(name), 'ANY'), { answers: [unflushed(contradiction(spell(name)))] })
      }
      const heard = bct.listen(10_000)
      expect(namesProbed(heard, () => true)).toEqual([])
    },
  )
})

describe('SUBSEQUENT CONFLICT, and what may come on top', () => {
  test.each(SUBJECTS)(
    'R206 prearly: a second conflict before the first new probe of $what counts for nothing',
    (subject) => {
      const bct = Bct.announced()
      bct.respond([contradiction(subject.name)])
      bct.respond([contradiction(subject.name)])
      const heard = bct.listen(10_000)
      expect(namesProbed(heard, subject.isOfKind)).toEqual([subject.name, subject.name, subject.name])
    },
  )

  test('R251 conflose, R224 tieloser: in the new probing a tie is lost as in the first', () => {
    const bct = Bct.announced()
    let probes = 0
    bct.onProbe(HOST, () => {
      if (probes++ === 0) bct.probe(HOST, [a(HOST, LATER)])
    })
    bct.respond([contradiction(HOST)])
    expect(gapsOf(timesOfProbes(bct.listen(10_000), HOST))).toEqual([1_000, 250, 250])
  })

  test('R142 def0: against a probe of the tester it defends its names at once, with all that it has', () => {
    const bct = Bct.announced()
    bct.probe(HOST, [a(HOST, EARLIER)])
    expect(timesOf(bct.listen(10), HOST, 'A')).toEqual([0])
    bct.world.run(2_000)
    bct.probe(INSTANCE, [srv(INSTANCE, { port: 65_535 })])
    const heard = bct.listen(10)
    expect(timesOf(heard, INSTANCE, 'SRV')).toEqual([0])
    expect(timesOf(heard, INSTANCE, 'TXT')).toEqual([0])
  })

  test('R259 renall: a host that is renamed after announcing tells so of the service that points to it', () => {
    const bct = Bct.announced()
    bct.contradict((name) => name === HOST, contradiction)
    bct.respond([contradiction(HOST)])
    const heard = bct.listen(10_000)
    const targets = responsesOf(heard).flatMap((each) => recordsOf(each, 'answers'))
    const srvs = targets.flatMap((rr) => (rr.type === 'SRV' ? [rr.target] : []))
    expect(srvs).toEqual([hostAt(1), hostAt(1)])
    expect(namesProbed(heard, isInstance)).toEqual([])
  })

  test.each([4, 6] as const)('a conflict in family %i does not take the name in the other away', (family) => {
    const bct = Bct.announced({ families: [4, 6] })
    bct.respond([contradiction(INSTANCE)], {}, { family })
    const heard = bct.listen(5_000)
    const probed = heard.filter((each) => namesProbed([each], isInstance).length > 0)
    expect(probed.every((each) => each.family === family)).toBe(true)
    expect(probed).toHaveLength(3)
  })
})
