import { describe, expect, test } from 'vitest'
import { compareProposals } from '../../src/mdns/tiebreak.ts'
import type { PeerSend } from '../../src/sim/peer.ts'
import { type Name, nameFromText } from '../../src/wire/name.ts'
import type { Message, Rr } from '../../src/wire/types.ts'
import {
  a,
  gapsOf,
  HOST,
  INSTANCE,
  instanceAt,
  Lab,
  type LabOptions,
  opaque,
  probesOf,
  question,
  responsesOf,
  srv,
  text,
  timesOf,
  timesOfProbes,
  unflushed,
} from './lab.ts'

const later = [srv(INSTANCE, { port: 8081 }), text(INSTANCE)]
const earlier = [srv(INSTANCE, { port: 8079 }), text(INSTANCE)]

/** Injects a message 100 ms after the first probe; the times of the probes after it, counted from it. */
function inject(message: Partial<Message>, send: PeerSend = {}, name: Name = INSTANCE, options: LabOptions = {}) {
  const lab = new Lab(options)
  lab.world.runUntil(() => lab.peer.heard.length > 0)
  lab.listen(100)
  lab.say(message, send)
  const heard = lab.listen(10_000)
  const probes = timesOfProbes(heard, name).map(Math.round)
  return { lab, heard, probes }
}

function injectProbe(authorities: readonly Rr[], name: Name = INSTANCE) {
  return inject({ questions: [question(name, 'ANY')], authorities: authorities.map(unflushed) }, {}, name)
}

const WIN = [150, 400]
const LOSE = [1_000, 1_250, 1_500]

describe('on the wire', () => {
  test('R218 tiesee: a query without records for the name is no rival', () => {
    const questions = [question(INSTANCE, 'ANY')]
    expect(inject({ questions }).probes).toEqual(WIN)
    expect(inject({ questions, authorities: [text(nameFromText('other.local'), 'zzz')] }).probes).toEqual(WIN)
  })

  test('R219 tiecmp: addresses compare as unsigned bytes', () => {
    const lab = (address: string) => injectProbe([a(HOST, address)], HOST).probes
    expect(lab('198.18.200.50')).toEqual(LOSE)
    expect(lab('198.17.200.50')).toEqual(WIN)
    expect(lab('99.200.0.1')).toEqual(WIN)
    expect(lab('198.18.0.1')).toEqual(WIN)
  })

  test('R219 tiecmp: then types decide, and the top bit of the class does not', () => {
    expect(injectProbe([opaque(HOST, 13)], HOST).probes).toEqual(LOSE)
    const questions = [question(INSTANCE, 'ANY')]
    expect(inject({ questions, authorities: [srv(INSTANCE), text(INSTANCE)] }).probes).toEqual(WIN)
    expect(injectProbe([{ ...text(INSTANCE, 'zzz'), class: 3 }]).probes).toEqual(LOSE)
  })

  test('R220 tieunc: a compressed target is expanded before it is compared', () => {
    const target = nameFromText('aa.local')
    expect(injectProbe([text(INSTANCE), srv(INSTANCE, { target })]).probes).toEqual(WIN)
    expect(injectProbe([text(INSTANCE), srv(INSTANCE, { target: nameFromText('zzzzzzzzz.local') })]).probes).toEqual(
      LOSE,
    )
  })

  test('R221 tiesort: sorted, pair by pair, and whoever has records left over wins', () => {
    expect(injectProbe([srv(INSTANCE), text(INSTANCE)]).probes).toEqual(WIN)
    expect(injectProbe([text(INSTANCE), srv(INSTANCE)]).probes).toEqual(WIN)
    expect(injectProbe(later).probes).toEqual(LOSE)
    expect(injectProbe(earlier).probes).toEqual(WIN)
    expect(injectProbe([text(INSTANCE)]).probes).toEqual(WIN)
    expect(injectProbe([opaque(INSTANCE, 13), srv(INSTANCE), text(INSTANCE)]).probes).toEqual(WIN)
    expect(injectProbe([srv(INSTANCE), text(INSTANCE), opaque(INSTANCE, 99)]).probes).toEqual(LOSE)
  })

  test('R222 tieonly: records of other names in the message have no say', () => {
    const other = nameFromText('other.local')
    expect(injectProbe([text(other, 'zzz'), opaque(other, 999, [255]), ...earlier]).probes).toEqual(WIN)
  })

  test('R223 tiewin: the winner keeps its pace against three losing probes, and announces', () => {
    const lab = new Lab()
    lab.onProbe(INSTANCE, () => lab.probe(INSTANCE, earlier))
    const heard = lab.listen(5_000)
    const probes = timesOfProbes(heard, INSTANCE)
    expect(gapsOf([...probes, ...timesOf(heard, INSTANCE, 'SRV')])).toEqual([250, 250, 250, 1_000])
  })

  test('R224 tieloser: one second later the loser probes three times for the same name, and keeps it', () => {
    const { lab, heard, probes } = injectProbe(later)
    expect(probes).toEqual(LOSE)
    expect(timesOf(heard, INSTANCE, 'SRV').map(Math.round)).toEqual([1_750, 2_750])
    expect(lab.events.filter(({ kind }) => kind === 'renamed')).toEqual([])
    expect(timesOfProbes(heard, HOST).map(Math.round)).toEqual(WIN)
  })

  test('R224 tieloser: when the winner defends the name at the next probe, another is chosen', () => {
    const lab = new Lab()
    let probes = 0
    lab.onProbe(INSTANCE, () => {
      if (++probes === 1) lab.probe(INSTANCE, later)
      else lab.respond(later)
    })
    const heard = lab.listen(10_000)
    expect(probes).toBe(2)
    expect(timesOf(heard, instanceAt('Test Svc', 1), 'SRV')).toHaveLength(2)
  })

  test('R225 tieeq, R17 ownecho: our own probe back, from us or from another address, is nothing new', () => {
    for (const delay of [5, 50, 300]) {
      for (const address of ['198.18.0.1', '198.18.0.2']) {
        const lab = new Lab()
        lab.peer.onHear = ({ bytes }) => {
          lab.world.clock.at(lab.world.now + delay, () => lab.peer.send(bytes, { from: { address } }))
        }
        const heard = lab.listen(8_000)
        expect(gapsOf(timesOfProbes(heard, INSTANCE))).toEqual([250, 250])
        expect(responsesOf(heard)).toHaveLength(2)
        expect(heard).toHaveLength(5)
      }
    }
  })

  test('R17 ownecho: a probe that comes back when the name is ours needs no defence', () => {
    const lab = new Lab()
    lab.peer.onHear = ({ bytes }) => {
      lab.world.clock.at(lab.world.now + 1_500, () => lab.peer.send(bytes))
    }
    const heard = lab.listen(8_000)
    expect(probesOf(heard)).toHaveLength(3)
    expect(responsesOf(heard)).toHaveLength(2)
  })

  test('R226 tiemulti: three winning probes of a host that then vanishes do not cost the name, nor much time', () => {
    const lab = new Lab()
    lab.world.runUntil(() => lab.peer.heard.length > 0)
    for (let i = 0; i < 3; i++) {
      lab.probe(INSTANCE, later)
      if (i < 2) lab.listen(250)
    }
    const heard = lab.listen(5_000)
    expect(timesOf(heard, INSTANCE, 'SRV')[0]).toBeLessThanOrEqual(2_500)
    expect(lab.events.filter(({ kind }) => kind === 'renamed')).toEqual([])
  })

  test('R226 tiemulti: a host that wins for ever puts the claim off for so long and no longer', () => {
    const lab = new Lab()
    lab.onProbe(INSTANCE, () => lab.probe(INSTANCE, later))
    const heard = lab.listen(30_000)
    expect(timesOf(heard, INSTANCE, 'SRV')[0]).toBeLessThan(12_500)
  })

  test('R227 tieuni, R189 legnocache: a probe from another port or another subnet does not take part', () => {
    const message = { questions: [question(INSTANCE, 'ANY')], authorities: later.map(unflushed) }
    expect(inject(message, { from: { port: 40_000 } }).probes).toEqual(WIN)
    const to = { address: '198.18.0.1', port: 5353 }
    expect(inject(message, { to, from: { address: '203.0.113.9' } }).probes).toEqual(WIN)
    expect(inject(message, { to }).probes).toEqual(LOSE)
  })
})

describe('compareProposals', () => {
  const pool: readonly Rr[] = [
    a(HOST, '198.18.0.1'),
    a(HOST, '198.18.0.200'),
    a(HOST, '9.9.9.9'),
    text(HOST, ''),
    text(HOST, 'b'),
    opaque(HOST, 13),
    opaque(HOST, 13, [1, 0]),
    { ...opaque(HOST, 99), class: 255 },
    srv(HOST),
  ]
  const lists = pool.flatMap((x, i) => [[x], ...pool.slice(i + 1).map((y) => [y, x]), [...pool.slice(i)]])

  test('R228 tiesym: of two hosts exactly one wins, whatever they propose, in whatever order', () => {
    for (const ours of lists) {
      expect(compareProposals(ours, [...ours].reverse())).toBe(0)
      for (const theirs of lists) {
        const order = Math.sign(compareProposals(ours, theirs))
        expect(order + Math.sign(compareProposals(theirs, ours))).toBe(0)
        expect(compareProposals([...ours].reverse(), theirs)).toBe(compareProposals(ours, theirs))
      }
    }
  })

  test('R219 tiecmp: the longer data wins where the shorter one is its beginning', () => {
    expect(compareProposals([opaque(HOST, 13)], [opaque(HOST, 13, [1, 0])])).toBeLessThan(0)
    expect(compareProposals([opaque(HOST, 13, [2])], [opaque(HOST, 13, [1, 0])])).toBeGreaterThan(0)
  })
})
