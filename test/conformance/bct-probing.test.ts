import { describe, expect, test } from 'vitest'
import type { Name } from '../../src/wire/types.ts'
import {
  Bct,
  CASES,
  contradiction,
  EARLIER,
  hostAt,
  isHost,
  isInstance,
  LATER,
  namesProbed,
  probeBeside,
  timesAnnounced,
} from './bct.ts'
import {
  a,
  gapsOf,
  HOST,
  INSTANCE,
  instanceAt,
  opaque,
  probesOf,
  recordsOf,
  srv,
  text,
  timesOfProbes,
  unflushed,
} from './lab.ts'

/** Whoever gives this name contradicts every probe of the device but those for names that were denied often enough. */
function firstNames(count: number, isWanted: (name: Name) => boolean): (name: Name) => boolean {
  const denied = new Set<Name>()
  return (name) => {
    if (!isWanted(name)) return false
    if (denied.size < count) denied.add(name)
    return denied.has(name)
  }
}

describe('INITIAL PROBING', () => {
  test.each([
    [4, true],
    [6, true],
    [4, false],
  ] as const)(
    'R194 prdelay, R195 pr3, R196 prany, R197 prqu, R198 prauth: family %i, unicast %s',
    (family, unicast) => {
      const bct = new Bct({ families: [family], unicast })
      const heard = bct.listen(10_000)
      const [first = Number.NaN, ...others] = timesOfProbes(heard, HOST)
      expect(first).toBeGreaterThanOrEqual(0)
      expect(first).toBeLessThanOrEqual(250)
      expect(others).toEqual([first + 250, first + 500])
      expect(timesOfProbes(heard, INSTANCE)).toEqual([first, ...others])
      for (const probe of probesOf(heard)) {
        expect(probe.message.questions.every((each) => each.type === 'ANY' && each.unicast === unicast)).toBe(true)
        const proposed = recordsOf(probe, 'authorities').map(({ type }) => type)
        expect(proposed.toSorted()).toEqual([...(family === 4 ? ['A'] : ['AAAA', 'AAAA']), 'SRV', 'TXT'])
      }
      // Three probes, two announcements, and silence.
      expect(heard.slice(3).map(({ after }) => after)).toEqual([first + 750, first + 1_750])
      if (family === 4) expect(timesAnnounced(heard)).toBe(2)
    },
  )

  test('R194 prdelay: the delay is different from start to start, and uniform', () => {
    const delays = Array.from({ length: 40 }, (_, seed) => {
      const bct = new Bct({ seed: seed + 1 })
      return timesOfProbes(bct.listen(300), HOST)[0] ?? Number.NaN
    })
    for (const quarter of [0, 1, 2, 3]) {
      const share = delays.filter((delay) => Math.floor(delay / 62.5) === quarter).length
      expect(share).toBeGreaterThanOrEqual(4)
    }
  })
})

describe.each(CASES)('PROBING: PROBE DENIALS, $written', ({ spell }) => {
  test.each([
    ['the host', isHost, hostAt],
    ['the service', isInstance, (attempt: number) => instanceAt('Test Svc', attempt)],
  ] as const)(
    'R203 prconf, R204 prrename: each name of %s that is denied is given up, and never tried again',
    (...args) => {
      const [, isWanted, nameAt] = args
      const bct = new Bct()
      bct.contradict(firstNames(4, isWanted), (name) => contradiction(spell(name)))
      const heard = bct.listen(10_000)
      const last = nameAt(4)
      expect(namesProbed(heard, isWanted)).toEqual([0, 1, 2, 3, 4, 4, 4].map(nameAt))
      for (const attempt of [0, 1, 2, 3]) {
        const [denied = 0] = timesOfProbes(heard, nameAt(attempt))
        const [next = Number.NaN] = timesOfProbes(heard, nameAt(attempt + 1))
        expect(next - denied).toBeLessThanOrEqual(250)
      }
      expect(gapsOf(timesOfProbes(heard, last))).toEqual([250, 250])
      const names = isWanted === isHost ? { host: last } : { instance: last }
      expect(timesAnnounced(heard, names)).toBeGreaterThanOrEqual(2)
    },
  )

  test.each([0, 1, 2])('R203 prconf: also when the probe with the index %i is the one that is denied', (index) => {
    const bct = new Bct()
    let probes = 0
    bct.contradict(
      (name) => name === HOST && probes++ === index,
      (name) => contradiction(spell(name)),
    )
    const heard = bct.listen(10_000)
    expect(timesOfProbes(heard, HOST)).toHaveLength(index + 1)
    expect(timesOfProbes(heard, hostAt(1))).toHaveLength(3)
    expect(timesAnnounced(heard, { host: hostAt(1) })).toBeGreaterThanOrEqual(2)
  })

  test('R203 prconf: a denial counts until 250 ms after the third probe', () => {
    const bct = new Bct()
    bct.world.runUntil(() => bct.peer.heard.length === 3)
    bct.world.run(249)
    bct.respond([contradiction(spell(HOST))])
    const heard = bct.listen(10_000)
    expect(timesOfProbes(heard, HOST)).toEqual([])
    expect(timesAnnounced(heard, { host: hostAt(1) })).toBeGreaterThanOrEqual(2)
  })

  test.each(['answers', 'authorities', 'additionals'] as const)(
    'R207 prunion: in the section of %s as well',
    (section) => {
      const bct = new Bct()
      bct.onProbe(HOST, () => bct.say({ response: true, [section]: [unflushed(contradiction(spell(HOST)))] }))
      expect(namesProbed(bct.listen(10_000), isHost)).toEqual([0, 1, 1, 1].map(hostAt))
    },
  )

  test('R205 pranytype, R197 prqu: a record of another type is a denial too, and so is one by unicast', () => {
    const bct = new Bct()
    bct.onProbe(HOST, () => {
      bct.respond([opaque(spell(HOST), 99)], {}, { to: bct.world.endpoint(bct.dut) })
    })
    expect(namesProbed(bct.listen(10_000), isHost)).toEqual([0, 1, 1, 1].map(hostAt))
  })

  test.each([
    ['no target', [0, 0, 0, 0, 0, 0]],
    ['the root for a target', [0, 0, 0, 0, 0, 0, 0]],
    ['a target that never ends', [0, 0, 0, 0, 0, 0, 9, 98]],
  ])('R54 rdmis: an SRV record with %s denies as any other', (_, data) => {
    const bct = new Bct()
    bct.contradict(firstNames(1, isInstance), (name) => opaque(spell(name), 33, data, 60))
    expect(namesProbed(bct.listen(10_000), isInstance)).toEqual([0, 1, 1, 1].map((n) => instanceAt('Test Svc', n)))
  })
})

describe.each(CASES)('PROBING: SIMULTANEOUS PROBE CONFLICT, $written', ({ spell }) => {
  test.each([
    ['the host', HOST, (name: Name) => [a(name, LATER)], hostAt(1)],
    ['the service', INSTANCE, (name: Name) => [srv(name, { port: 65_535 })], instanceAt('Test Svc', 1)],
  ] as const)(
    'R224 tieloser, R219 tiecmp: %s defers a second, probes the same name, and renames when denied',
    (...args) => {
      const [, name, proposals, renamed] = args
      const bct = new Bct()
      probeBeside(bct, name, proposals(spell(name)))
      bct.world.runUntil(() => bct.peer.heard.length === 1)
      // In the second that it waits it claims nothing that could be denied.
      bct.world.clock.at(bct.world.now + 500, () => bct.respond([contradiction(spell(name))]))
      const waited = timesOfProbes(bct.listen(1_400), name)
      expect(waited).toEqual([1_000, 1_250])
      bct.respond([contradiction(spell(name))])
      const heard = bct.listen(10_000)
      expect(timesOfProbes(heard, name)).toEqual([])
      expect(gapsOf(timesOfProbes(heard, renamed))).toEqual([250, 250])
    },
  )

  test('R224 tieloser: not denied again, it gets the name', () => {
    const bct = new Bct()
    probeBeside(bct, HOST, [a(spell(HOST), LATER)])
    const heard = bct.listen(10_000)
    expect(gapsOf(timesOfProbes(heard, HOST))).toEqual([1_000, 250, 250])
    expect(timesAnnounced(heard)).toBeGreaterThanOrEqual(1)
  })
})

describe.each(CASES)('WINNING SIMULTANEOUS PROBES, $written', ({ spell }) => {
  test.each([4, 6] as const)(
    'R223 tiewin, R229 an2, R232 anall: nothing changes for the winner, family %i',
    (family) => {
      const bct = new Bct({ families: [family] })
      bct.onProbe(undefined, () => {
        bct.probe(spell(HOST), [a(spell(HOST), EARLIER)], { family })
        const name = spell(INSTANCE)
        bct.probe(name, [text(name, 'a'), srv(name, { port: 1 })], { family })
      })
      const heard = bct.listen(10_000)
      const times = timesOfProbes(heard, HOST)
      expect(gapsOf(times)).toEqual([250, 250])
      expect(timesOfProbes(heard, INSTANCE)).toEqual(times)
      const [, , third = 0] = times
      expect(heard.slice(3).map(({ after }) => after)).toEqual([third + 250, third + 1_250])
    },
  )
})

describe('PROBING: RATE LIMITING', () => {
  test.each([
    ['the host', isHost],
    ['the service', isInstance],
  ] as const)('R209 pr15: after 15 attempts %s waits five seconds and more before each', (_, isWanted) => {
    const bct = new Bct()
    bct.contradict(isWanted, contradiction)
    const times = bct.listen(120_000).filter((each) => namesProbed([each], isWanted).length > 0)
    const gaps = gapsOf(times.map(({ after }) => after))
    expect(gaps.slice(0, 14).every((gap) => gap <= 250)).toBe(true)
    expect(gaps.length).toBeGreaterThan(30)
    expect(gaps.slice(14).every((gap) => gap >= 5_000 && gap < 6_000)).toBe(true)
  })

  test('R209 pr15: it gets its name as soon as nobody denies it, and the slowness is over after a quiet spell', () => {
    const bct = new Bct()
    bct.contradict(firstNames(20, isHost), contradiction)
    const heard = bct.listen(60_000)
    const host = namesProbed(heard, isHost).at(-1) ?? HOST
    expect(new Set(namesProbed(heard, isHost)).size).toBe(21)
    expect(timesAnnounced(heard, { host })).toBeGreaterThanOrEqual(2)
    bct.respond([a(host, LATER)])
    const [again = Number.NaN] = timesOfProbes(bct.listen(1_000), host)
    expect(again).toBeLessThanOrEqual(250)
  })
})

describe.each(CASES)('SRV PROBING / ANNOUNCEMENTS (BASIC), $written', ({ spell }) => {
  test('R212 prindep: denials of the service leave the host alone', () => {
    const bct = new Bct()
    bct.contradict(firstNames(3, isInstance), (name) => contradiction(spell(name)))
    const heard = bct.listen(10_000)
    expect(gapsOf(timesOfProbes(heard, HOST))).toEqual([250, 250])
    expect(namesProbed(heard, isInstance)).toEqual([0, 1, 2, 3, 3, 3].map((n) => instanceAt('Test Svc', n)))
    expect(timesAnnounced(heard, { instance: instanceAt('Test Svc', 3) })).toBeGreaterThanOrEqual(1)
  })

  test('R212 prindep: denials of the host leave the service alone, which points to the host in the end', () => {
    const bct = new Bct()
    bct.contradict(firstNames(3, isHost), (name) => contradiction(spell(name)))
    const heard = bct.listen(10_000)
    expect(namesProbed(heard, isInstance)).toEqual([INSTANCE, INSTANCE, INSTANCE])
    expect(gapsOf(timesOfProbes(heard, INSTANCE))).toEqual([250, 250])
    expect(timesAnnounced(heard, { host: hostAt(3) })).toBeGreaterThanOrEqual(1)
  })

  test('R212 prindep: both are denied, and both get other names', () => {
    const bct = new Bct()
    const hosts = firstNames(2, isHost)
    const services = firstNames(4, isInstance)
    bct.contradict(
      (name) => hosts(name) || services(name),
      (name) => contradiction(spell(name)),
    )
    const heard = bct.listen(10_000)
    const names = { host: hostAt(2), instance: instanceAt('Test Svc', 4) }
    expect(timesAnnounced(heard, names)).toBeGreaterThanOrEqual(1)
  })
})
