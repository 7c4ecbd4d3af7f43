import { describe, expect, test } from 'vitest'
import type { Rr } from '../../src/wire/types.ts'
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
  type Heard,
  HOST,
  INSTANCE,
  instanceAt,
  ptr,
  question,
  recordsOf,
  responsesOf,
  TYPE,
  timesOf,
  timesOfProbes,
} from './lab.ts'

const HOUR = 3_600_000
const NEW_LABEL = 'New - Bonjour Service Name'
const RENAMED = instanceAt(NEW_LABEL)

const said = (heard: readonly Heard[], test: (rr: Rr) => boolean) =>
  responsesOf(heard).flatMap((each) => recordsOf(each, 'answers').filter(test))

describe('MANUAL NAME CHANGE', () => {
  test('R262 renuser: the new name is probed for and announced, the old one withdrawn, the host kept', async () => {
    const bct = Bct.announced()
    const done = bct.advertisement.update({ name: NEW_LABEL })
    const heard = bct.listen(5_000)
    await bct.world.until(done)
    expect(bct.advertisement.name).toBe(NEW_LABEL)
    expect(namesProbed(heard, () => true)).toEqual([RENAMED, RENAMED, RENAMED])
    const [first = Number.NaN, second, third = Number.NaN] = timesOfProbes(heard, RENAMED)
    expect(first).toBeLessThanOrEqual(250)
    expect([second, third]).toEqual([first + 250, first + 500])
    for (const type of ['SRV', 'TXT'] as const) {
      expect(timesOf(heard, RENAMED, type)).toEqual([third + 250, third + 1_250])
    }
    expect(said(heard, (rr) => rr.type === 'PTR' && rr.target === RENAMED)).toHaveLength(2)
    const goodbyes = said(heard, ({ ttl }) => ttl === 0)
    expect(goodbyes).toContainEqual(ptr(TYPE, INSTANCE, 0))
    expect(new Set(goodbyes.map(({ type }) => type))).toEqual(new Set(['PTR', 'SRV', 'TXT']))
    expect(goodbyes.every((rr) => rr.name === INSTANCE || (rr.type === 'PTR' && rr.target === INSTANCE))).toBe(true)
  })

  test('R262 renuser: the old name is answered for no longer, the new one is as soon as it is announced', () => {
    const bct = Bct.announced()
    bct.advertisement.update({ name: NEW_LABEL })
    bct.listen(5_000)
    for (const type of ['SRV', 'TXT', 'ANY'] as const) bct.ask(question(INSTANCE, type))
    expect(bct.listen(1_000)).toEqual([])
    bct.ask(question(RENAMED, 'SRV'))
    expect(timesOf(bct.listen(1_000), RENAMED, 'SRV')).toEqual([0])
    bct.ask(question(TYPE, 'PTR'))
    expect(said(bct.listen(1_000), () => true)).toEqual([ptr(TYPE, RENAMED)])
  })

  test.each(CASES)('R204 prrename: the new name may be denied as any other, $written', ({ spell }) => {
    const bct = Bct.announced()
    bct.contradict(
      (name) => name === RENAMED,
      (name) => contradiction(spell(name)),
    )
    bct.advertisement.update({ name: NEW_LABEL })
    const second = instanceAt(NEW_LABEL, 1)
    expect(namesProbed(bct.listen(5_000), isInstance)).toEqual([RENAMED, second, second, second])
    expect(bct.advertisement.name).toBe(`${NEW_LABEL} (2)`)
  })

  test('R262 renuser: a name that is there before the first was announced is the only one that is', () => {
    const bct = new Bct()
    bct.world.run(400)
    bct.advertisement.update({ name: NEW_LABEL })
    const heard = bct.listen(5_000)
    expect(timesAnnounced(heard, { instance: RENAMED })).toBeGreaterThanOrEqual(1)
    expect(said(heard, (rr) => rr.name === INSTANCE)).toEqual([])
  })
})

/** The device was pulled for a while, and has just been plugged in again. */
function replugged(bct: Bct, ms = 10_000): void {
  const transport = bct.world.transport(bct.dut)
  const addresses = transport.interface(bct.world.lan)?.addresses ?? []
  transport.disconnect(bct.world.lan)
  expect(bct.listen(ms)).toEqual([])
  transport.connect(bct.world.lan, { addresses })
}

describe('HOT-PLUGGING', () => {
  test('R193 prwhen: the whole start-up procedure again', () => {
    const bct = Bct.announced()
    replugged(bct)
    const heard = bct.listen(10_000)
    const [first = Number.NaN, ...others] = timesOfProbes(heard, HOST)
    expect(first).toBeLessThanOrEqual(250)
    expect(others).toEqual([first + 250, first + 500])
    expect(timesOfProbes(heard, INSTANCE)).toEqual([first, ...others])
    expect(heard.slice(3).map(({ after }) => after)).toEqual([first + 750, first + 1_750])
    expect(timesAnnounced(heard)).toBe(2)
  })

  test.each(CASES)('R206 prearly: a denial before the first new probe is ignored, $written', ({ spell }) => {
    for (let seed = 1; seed <= 20; seed++) {
      const bct = Bct.announced({ seed })
      replugged(bct)
      bct.respond([contradiction(spell(HOST)), contradiction(spell(INSTANCE))])
      const heard = bct.listen(5_000)
      expect(namesProbed(heard, isHost)).toEqual([HOST, HOST, HOST])
      expect(timesAnnounced(heard)).toBe(2)
    }
  })

  test.each(CASES)('R203 prconf: a denial of a new probe forces another name, $written', ({ spell }) => {
    const bct = Bct.announced()
    replugged(bct)
    bct.contradict(
      (name) => name === HOST || name === INSTANCE,
      (name) => contradiction(spell(name)),
    )
    const heard = bct.listen(10_000)
    expect(namesProbed(heard, isHost)).toEqual([0, 1, 1, 1].map(hostAt))
    expect(timesAnnounced(heard, { host: hostAt(1), instance: instanceAt('Test Svc', 1) })).toBe(2)
    expect(said(heard, ({ ttl }) => ttl === 0)).toEqual([])
  })

  test('R223 tiewin, R224 tieloser: simultaneous probes are won and lost as at the start', () => {
    const bct = Bct.announced()
    replugged(bct)
    probeBeside(bct, HOST, [a(HOST, EARLIER)])
    expect(gapsOf(timesOfProbes(bct.listen(10_000), HOST))).toEqual([250, 250])
    replugged(bct)
    probeBeside(bct, HOST, [a(HOST, LATER)])
    expect(gapsOf(timesOfProbes(bct.listen(10_000), HOST))).toEqual([1_000, 250, 250])
  })

  test('R250 confreprobe: and so are subsequent conflicts', () => {
    const bct = Bct.announced()
    replugged(bct)
    bct.world.run(5_000)
    bct.respond([contradiction(INSTANCE)])
    expect(namesProbed(bct.listen(5_000), isInstance)).toEqual([INSTANCE, INSTANCE, INSTANCE])
  })

  test('R193 prwhen: ten times in a row, also while it was probing', () => {
    const bct = new Bct()
    for (const ms of [100, 300, 500, 700, 900, 1_100, 2_000, 2_500, 3_000, 4_000]) {
      bct.world.run(ms)
      replugged(bct, 1_000)
    }
    expect(timesAnnounced(bct.listen(5_000))).toBe(2)
    expect(bct.advertisement.name).toBe('Test Svc')
  })

  test('R217 prdown: without an address nothing is said', () => {
    const bct = Bct.announced()
    bct.world.transport(bct.dut).readdress(bct.world.lan, [])
    bct.advertisement.update({ name: NEW_LABEL })
    expect(bct.listen(HOUR)).toEqual([])
  })
})

describe('CHATTINESS', () => {
  test.each([4, 6] as const)('R231 anper: a day of silence once it is announced, family %i', (family) => {
    const bct = Bct.announced({ families: [family] })
    expect(bct.listen(24 * HOUR)).toEqual([])
  })

  test('R231 anper: in an hour on a busy link it answers what it is asked, and that is all', () => {
    const bct = Bct.announced()
    const foreign = instanceAt('Another')
    let asked = 0
    for (let second = 0; second < 3_600; second++) {
      bct.world.clock.at(bct.world.now + second * 1_000, () => {
        bct.respond([contradiction(foreign)])
        bct.ask(question(foreign, 'ANY'))
        if (second % 60 !== 0) return
        asked++
        bct.ask(question(INSTANCE, 'SRV'))
      })
    }
    const heard = bct.listen(HOUR)
    expect(heard).toHaveLength(asked)
    expect(asked).toBe(60)
  })

  test('R231 anper: nor does the end of any TTL make it speak', () => {
    const bct = Bct.announced()
    bct.ask(question(TYPE, 'PTR'))
    expect(bct.listen(1_000)).toHaveLength(1)
    expect(bct.listen(2 * HOUR)).toEqual([])
  })
})
