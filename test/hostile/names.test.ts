import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { Encoder } from '../../src/wire/encoder.ts'
import { nameFromLabels, nameFromText } from '../../src/wire/name.ts'
import type { Name } from '../../src/wire/types.ts'
import { a, instance, ptr, question, srv, TYPE, txt } from '../mdns/records.ts'
import { service } from '../scenarios/service.ts'
import { costOf, SECOND, Target } from './target.ts'

const MINUTE = 60 * SECOND
const NEW = instance('new')

/** How often the target lost a name. */
function renames(target: Target): number {
  return target.events.filter(({ kind }) => kind === 'renamed' || kind === 'host-renamed').length
}

/** The probes for a service that the stranger has heard, by name. */
function onProbe(target: Target, react: (name: Name, nth: number) => void): void {
  let nth = 0
  target.stranger.onHear = ({ bytes }) => {
    const { questions, response, authorities } = decode(bytes)
    const [asked] = questions
    if (response || authorities.length === 0 || asked === undefined) return
    nth += 1
    react(asked.name, nth)
  }
}

describe('goal 20: name identity', () => {
  const label = (bytes: readonly number[]) => nameFromLabels([new Uint8Array(bytes), '_http', '_tcp', 'local'])
  const TELLING: readonly (readonly [string, Name])[] = [
    ['k', label([0x6b])],
    ['the Kelvin sign', label([0xe2, 0x84, 0xaa])],
    ['a byte that is not UTF-8', label([0xff])],
    ['another one', label([0xfe])],
    ['the replacement character', label([0xef, 0xbf, 0xbd])],
    ['a NUL', label([0x6b, 0])],
    ['a dot', label([0x6b, 0x2e])],
    ['a backslash', label([0x6b, 0x5c])],
    ['an escape that is none', label([...'\\107'].map((digit) => digit.charCodeAt(0)))],
    ['É', label([0xc3, 0x89])],
    ['é', label([0xc3, 0xa9])],
    ['E and an accent', label([0x45, 0xcc, 0x81])],
    ['sixty-three bytes', label(Array.from({ length: 63 }, () => 0x1b))],
  ]

  test('as many instances as there are names, each with the record that is its own', async () => {
    const target = await Target.settled()
    const box = nameFromText('box.local')
    for (const [n, [, name]] of TELLING.entries()) {
      target.respond([ptr(name), srv(name, { port: 100 + n, target: box }), txt(name), a('198.18.0.9', { name: box })])
    }
    target.run(2 * SECOND)
    const ports = target.browser.services.map(({ port }) => port).filter((port) => port !== 80)
    expect(ports.toSorted()).toEqual(TELLING.map((_, n) => 100 + n))
    // The same names in other letters are the same instances.
    target.respond([ptr(label([0x4b])), srv(label([0x4b]), { port: 100, target: box })])
    target.run(2 * SECOND)
    expect(target.browser.services).toHaveLength(TELLING.length + 3)
    await target.expectWell()
  })
})

describe('goal 35: what was answered to three probes decides, be it nothing (n), multicast (m) or unicast (u)', () => {
  const answers = ['n', 'm', 'u']
  const programs = answers.flatMap((one) => answers.flatMap((two) => answers.map((three) => one + two + three)))

  // Others forgive one multicast answer; RFC 6762 §8.1 does not, as whoever gave it has the name.
  test.each(programs)('%s', async (program) => {
    const target = await Target.settled({ services: 1 })
    onProbe(target, (name, nth) => {
      const how = program[nth - 1]
      if (how === undefined || how === 'n' || name !== NEW) return
      const to = how === 'u' ? target.world.endpoint(target.host) : 'group'
      target.respond([txt(name, { data: new Uint8Array([1, 65]) })], { to })
    })
    target.host.publish(service('new'))
    target.run(5 * SECOND)
    expect(renames(target)).toBe(program === 'nnn' ? 0 : 1)
    const names = target.browser.services.map(({ name }) => name)
    expect(names).toContain(program === 'nnn' ? 'new' : 'new (2)')
    await target.expectWell()
  })
})

test('goal 36: a name that is denied for ever costs one attempt in 5 s, after two minutes one in 60 s', async () => {
  const target = await Target.settled()
  const times: number[] = []
  onProbe(target, (name) => {
    if (!name.startsWith('new')) return
    times.push(target.world.now)
    target.respond([txt(name, { data: new Uint8Array([1, 65]) })])
  })
  target.host.publish(service('new'))
  const start = target.world.now
  target.run(10 * SECOND)
  expect(times.length).toBeLessThanOrEqual(16)
  target.run(20 * MINUTE)
  const late = times.filter((time) => time > start + 10 * SECOND)
  expect(late.length).toBeLessThanOrEqual(2 * 12 + 19)
  expect(late.filter((time) => time > start + 4 * MINUTE).length).toBeLessThanOrEqual(17)
  expect(late.filter((time) => time > start + 4 * MINUTE).length).toBeGreaterThanOrEqual(15)
  expect(renames(target)).toBe(times.length)
  expect(target.host.inspect()).toMatchObject({ publications: 5 })
  await target.expectWell()
  await target.expectEnd()
})

test.each([0, 200, 1_200, 60_000])(
  'goal 37: what it says, back after %i ms, loses no name and breeds nothing',
  async (ms) => {
    const target = await Target.settled()
    const { clock } = target.world
    target.stranger.onHear = ({ bytes, family }) => {
      clock.at(clock.now() + ms, () => target.stranger.send(bytes, { family, from: { address: '198.18.0.1' } }))
    }
    target.host.publish(service('new'))
    target.run(5 * SECOND)
    target.host.withdraw(service('own 1').id)
    target.run(3 * MINUTE)
    expect(renames(target)).toBe(0)
    const names = target.browser.services.map(({ name }) => name)
    expect(names.toSorted()).toEqual(['new', 'own 0', 'own 2'])
    expect(target.take().length).toBeLessThan(120)
    await target.expectWell()
  },
)

describe('goal 44: what encoding costs', () => {
  const encoded = (count: number) => {
    const records = Array.from({ length: count }, (_, n) =>
      a('198.18.0.1', { name: nameFromText(`h${n}.d${n}.local`) }),
    )
    return () => {
      const encoder = new Encoder({ response: true, limit: 65_000 })
      expect(records.every((rr) => encoder.record('answers', rr))).toBe(true)
      encoder.finish()
    }
  }

  test('eight times the records with names of their own take about eight times the work, not sixty-four', () => {
    const [few, many] = [encoded(250), encoded(2_000)]
    costOf(many, 20)
    expect(costOf(many, 20)).toBeLessThan(24 * costOf(few, 20))
  })
})

test('goal 43: names with odd labels come back as they were, through encoder and decoder', () => {
  const odd = ['..', '.', '\\', '\u0000', 'a.b', '\u00e9', ' ', '*', '_http', 'x'.repeat(63)]
  for (const one of odd) {
    for (const other of odd) {
      const name = nameFromLabels([one, other, 'local'])
      const { questions, answers } = decode(
        encode({ questions: [question(name, 'PTR')], answers: [ptr(name, 1, TYPE)] }),
      )
      expect([questions[0]?.name, answers[0] && 'target' in answers[0] && answers[0].target]).toEqual([name, name])
    }
  }
})
