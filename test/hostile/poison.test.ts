import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import type { Message, Name, Rr, RrType } from '../../src/wire/types.ts'
import { a, cname, instance, nsec, ptr, question, srv, TYPE, txt } from '../mdns/records.ts'
import { service } from '../scenarios/service.ts'
import { SECOND, Target } from './target.ts'

const WEB = instance('web')
const BOX = nameFromText('box.local')
const ALL: readonly RrType[] = Array.from({ length: 48 }, (_, n) => `TYPE${n + 64}` as const)

const web: readonly Rr[] = [
  ptr(WEB),
  srv(WEB, { target: BOX, ttl: 4_500 }),
  txt(WEB),
  a('198.18.0.9', { name: BOX, ttl: 4_500 }),
]

describe('goal 70: NSEC poisoning', () => {
  test.each([
    ['of everything', []],
    ['of all that was said', ALL],
  ])('a denial %s takes nothing away from what is there', async (_, types) => {
    const target = await Target.settled()
    target.respond(web)
    target.run(SECOND)
    for (const name of [WEB, BOX, instance('own 0'), nameFromText('target.local')]) {
      target.respond([nsec(name, types), nsec(name, ['NS'])])
      target.run(SECOND)
    }
    target.run(60 * SECOND)
    expect(target.lines.filter((line) => line.includes('web'))).toEqual(['up web'])
    expect(target.events.filter(({ kind }) => kind === 'renamed' || kind === 'host-renamed')).toEqual([])
    await target.expectWell()
  })

  test('what is not there is taken to be missing for two minutes at most', async () => {
    const target = await Target.settled()
    target.respond([ptr(WEB), srv(WEB, { target: BOX, ttl: 4_500 }), txt(WEB), nsec(BOX, ['TXT'], 4_500)])
    target.run(121 * SECOND)
    target.take()
    target.run(5 * SECOND)
    const asked = target.messages().flatMap(({ questions }) => questions)
    expect(asked).toContainEqual(question(BOX, 'A'))
    target.respond(web)
    target.run(SECOND)
    expect(target.lines).toContain('up web')
  })
})

describe('goal 46: lives and timers', () => {
  test.each([0xffffffff, 0x80000001, 0x7fffffff])(
    'a TTL of %i is no timer that fires at once, or in years',
    async (ttl) => {
      const target = await Target.settled()
      target.respond(web.map((rr) => ({ ...rr, ttl })))
      target.run(SECOND)
      const late = target.world.clock.next - target.world.now
      expect(late).toBeGreaterThan(0)
      expect(late).toBeLessThanOrEqual(2 ** 31 - 1)
      const heard = target.host.lookup(WEB, 'SRV')
      expect(heard.map(({ at, until }) => until - at)).toEqual(ttl > 0x7fffffff ? [] : [4_500 * SECOND])
      target.take()
      target.run(2 * 4_500 * SECOND)
      expect(target.host.lookup(WEB, 'SRV')).toEqual([])
      // It asks for its own services now and then, and for nothing else.
      expect(target.take().length).toBeLessThan(600)
      await target.expectWell()
    },
  )
})

/** Edges of the graphs on which the queriers of others ran in circles or into records that had run out. */
const [w, x, y, z] = ['w', 'x', 'y', 'z'].map((label) => nameFromText(`${label}.local`)) as [Name, Name, Name, Name]
const CHAIN = Array.from({ length: 40 }, (_, n) => nameFromText(`c${n}.local`))
const TOPOLOGIES: Readonly<Record<string, readonly (readonly [Name, Name])[]>> = {
  'a self loop': [[x, x]],
  'a self loop, said twice': [
    [x, x],
    [x, x],
  ],
  'one alias': [[x, y]],
  'one loop': [
    [x, y],
    [y, x],
  ],
  'two aliases': [
    [x, y],
    [y, z],
  ],
  'two in a loop': [
    [x, y],
    [y, z],
    [z, x],
  ],
  'a loop behind an alias': [
    [x, y],
    [y, z],
    [z, y],
  ],
  'a self loop behind an alias': [
    [x, y],
    [y, y],
  ],
  'three aliases': [
    [x, y],
    [y, z],
    [z, w],
  ],
  'three in a loop': [
    [x, y],
    [y, z],
    [z, w],
    [w, x],
  ],
  'a diamond': [
    [x, y],
    [x, z],
    [y, w],
    [z, w],
  ],
  'both directions at once': [
    [x, y],
    [y, x],
    [x, z],
    [z, x],
  ],
  'a net': [
    [x, z],
    [x, y],
    [z, y],
    [y, z],
  ],
  'the browsed names': [
    [WEB, x],
    [x, WEB],
    [instance('own 0'), WEB],
  ],
  'a chain of forty': CHAIN.slice(1).map((name, n) => [CHAIN[n] ?? name, name] as const),
}

describe.each(Object.entries(TOPOLOGIES))('goal 15: %s of CNAME records', (_, edges) => {
  const start = edges[0]?.[0] ?? x
  const instanceAt = (ttl: number) => [ptr(WEB, ttl), srv(WEB, { target: start, ttl }), txt(WEB, { ttl })]

  test('with lives of 1 to 10 s is followed by nobody, outlived by all, and keeps nothing busy', async () => {
    const target = await Target.settled()
    const before = target.cached
    const lookup = target.world.until(target.dnssd.lookup('x', { timeout: 3_000 })).catch((error: unknown) => error)
    for (let ttl = 1; ttl <= 10; ttl++) {
      target.respond([...instanceAt(ttl), ...edges.map(([from, to]) => cname(from, to, ttl))])
      target.run((ttl % 3) * SECOND)
    }
    await expect(lookup).resolves.toMatchObject({ code: 'ERR_NOT_FOUND' })
    target.run(30 * SECOND)
    // Of what a stranger said nothing is left, and no chain was walked: some questions for the target, no more.
    expect(target.cached).toBeLessThanOrEqual(before)
    expect(target.take().length).toBeLessThan(60)
    await target.expectWell()
    await target.expectEnd()
  })

  test('is answered as it stands if it is ours, with an end', async () => {
    const target = await Target.settled({ services: 1 })
    const own = edges.filter(([from]) => from !== instance('own 0'))
    target.host.publish({ id: 'net', needsHost: false, records: () => own.map(([from, to]) => cname(from, to)) })
    target.run(5 * SECOND)
    target.take()
    for (const type of ['A', 'CNAME', 'ANY'] as const) {
      target.ask([question(start, type)])
      target.run(2 * SECOND)
    }
    const answers = target.messages().flatMap((message: Message) => message.answers)
    expect(answers.length).toBeGreaterThanOrEqual(3)
    expect(answers.length).toBeLessThanOrEqual(3 * own.length)
  })
})

test('goal 23: a stranger says goodbye for a living service, is contradicted, and nobody sees it go', async () => {
  const target = await Target.settled()
  const honest = target.world.host({ name: 'honest' })
  honest.publish(service('alive'))
  target.run(5 * SECOND)
  const alive = instance('alive')
  for (let n = 0; n < 20; n++) {
    target.respond([ptr(alive, 0), srv(alive, { ttl: 0, port: 80, target: nameFromText('honest.local') })])
    target.run(3 * SECOND)
  }
  expect(target.lines.filter((line) => line.includes('alive'))).toEqual(['up alive'])
})

test('a pointer with a cache-flush bit takes away no other', async () => {
  const target = await Target.settled()
  const honest = target.world.host({ name: 'honest' })
  honest.publish(service('alive'))
  target.run(5 * SECOND)
  for (let n = 0; n < 10; n++) {
    target.respond([{ ...ptr(instance('fake')), flush: true }])
    target.run(3 * SECOND)
  }
  expect(target.lines.filter((line) => line.startsWith('down'))).toEqual([])
  await target.expectWell()
})

describe('questions whose answer we never hear', () => {
  const alive = instance('alive')
  const known = [ptr(alive), srv(alive, { port: 80, target: nameFromText('honest.local') }), txt(alive)]
  const questions = [question(TYPE, 'PTR'), question(alive, 'SRV'), question(alive, 'TXT')]
  const unicast = questions.map((each) => ({ ...each, unicast: true }))

  test.each([
    ['as the answers are listed as known', { questions, answers: known }, 'group'],
    ['as they are listed in a truncated one', { questions, answers: known, truncated: true }, 'group'],
    ['as they go to the asker alone', { questions: unicast }, 'group'],
    ['as only we are asked', { questions }, 'us'],
    ['as the owner has just answered', { questions }, 'group'],
  ] as const)('cost no service: %s', async (_, message, to) => {
    const target = await Target.settled()
    const honest = target.world.host({ name: 'honest' })
    honest.publish(service('alive'))
    target.run(5 * SECOND)
    for (let n = 0; n < 300; n++) {
      target.say(message, to === 'us' ? { to: target.world.endpoint(target.host) } : {})
      target.run(SECOND / 5)
    }
    target.run(30 * SECOND)
    expect(target.lines.filter((line) => line.startsWith('down'))).toEqual([])
    await target.expectWell()
  })
})
