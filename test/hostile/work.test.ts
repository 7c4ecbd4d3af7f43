import { describe, expect, test } from 'vitest'
import { encode } from '../../src/wire/encode.ts'
import { instance, ptr, question, srv, TYPE, txt } from '../mdns/records.ts'
import { loadPackets } from '../packets.ts'
import { costOf, SECOND, Target } from './target.ts'

/** Milliseconds of processor time: generous, as each of these took ten to a hundred times as long when unbounded. */
const BOUND = 30
const MANY = 1_024

async function costOfDatagram(services: number, bytes: Uint8Array, port = 5353): Promise<number> {
  const target = await Target.settled({ services })
  const cost = costOf(() => {
    target.stranger.send(bytes, { from: { port } })
    target.run(2 * SECOND)
  })
  await target.expectWell()
  return cost
}

describe('goal 2: what one datagram costs', () => {
  const repeated = Array.from({ length: MANY }, () => question(TYPE, 'PTR'))

  test.each([
    ['by multicast', encode({ questions: repeated }), 5353],
    ['by a plain resolver', encode({ questions: repeated }), 40_000],
    ['truncated', encode({ questions: repeated, truncated: true }), 5353],
  ])('a question asked a thousand times %s is one question', async (_, bytes, port) => {
    const once = await costOfDatagram(200, encode({ questions: repeated.slice(0, 1) }), port)
    expect(await costOfDatagram(200, bytes, port)).toBeLessThan(once + BOUND)
  })

  test('a thousand questions for types that a name does not have are no more work', async () => {
    const questions = Array.from({ length: MANY }, (_, n) => question(TYPE, `TYPE${1_000 + n}`))
    expect(await costOfDatagram(200, encode({ questions }))).toBeLessThan(2 * BOUND)
  })

  test('eight truncated datagrams of a thousand questions each are one query', async () => {
    const target = await Target.settled({ services: 200 })
    const bytes = encode({ questions: repeated, truncated: true })
    const cost = costOf(() => {
      for (let n = 0; n < 8; n++) target.stranger.send(bytes)
      target.run(2 * SECOND)
    })
    expect(cost).toBeLessThan(2 * BOUND)
  })

  test('five hundred records in a probe are compared without ado', async () => {
    const name = instance('own 0')
    const authorities = Array.from({ length: 500 }, (_, n) => txt(name, { data: new Uint8Array([1, n % 256]) }))
    const probe = encode({ questions: [question(name, 'ANY')], authorities })
    expect(await costOfDatagram(3, probe)).toBeLessThan(BOUND)
  })
})

describe('goal 2, goal 14: what a full cache makes of one datagram', () => {
  async function flooded(): Promise<Target> {
    const target = await Target.settled()
    // Its next questions are due soon, and so are near enough for those of others to stand in for them.
    target.run(26 * SECOND)
    for (let n = 0; n < 9_000; n += 300) {
      target.respond(Array.from({ length: 300 }, (_, i) => ptr(instance(`fake ${n + i}`))))
      target.run(1)
    }
    expect(target.browser.services.length).toBeLessThan(10)
    return target
  }

  test('a question asked three hundred times beside answers that we lack is compared once', async () => {
    const target = await flooded()
    const questions = Array.from({ length: 300 }, () => question(TYPE, 'PTR'))
    const answers = Array.from({ length: 250 }, (_, n) => ptr(instance(`lacking ${n}`)))
    const bytes = encode({ questions, answers })
    let worst = 0
    // So often that the instants at which a question of ours is near are among them.
    for (let n = 0; n < 40; n++) {
      target.run(200)
      worst = Math.max(
        worst,
        costOf(() => {
          target.stranger.send(bytes)
          target.run(0)
        }, 3),
      )
    }
    expect(worst).toBeLessThan(BOUND)
  })

  test('eight thousand instances that never answer are given up at once, without a standstill', async () => {
    const target = await flooded()
    let worst = 0
    for (let second = 0; second < 16; second++)
      worst = Math.max(
        worst,
        costOf(() => target.run(SECOND), 1),
      )
    expect(worst).toBeLessThan(1_000)
    expect(target.cached).toBeLessThan(100)
    await target.expectWell()
  }, 30_000)
})

describe.each(['hostile', 'malformed', 'real'] as const)('goal 1, goal 3, goal 5: %s packets', (folder) => {
  test('leave registry, browser and publications as they were, and what is dropped is counted', async ({ skip }) => {
    const packets = loadPackets(folder)
    skip(packets.length === 0, `the ${folder} packets are not here`)
    const target = await Target.settled()
    for (const { bytes } of packets) {
      for (const port of [5353, 40_000]) target.stranger.send(bytes, { from: { port } })
      target.stranger.send(bytes, { to: target.world.endpoint(target.host) })
      target.run(50)
    }
    target.run(20 * SECOND)
    const { dropped } = target.host.stats
    if (folder === 'malformed') expect(dropped.malformed).toBeGreaterThan(0)
    if (folder === 'hostile') {
      expect(Object.keys(dropped)).toEqual(expect.arrayContaining(['malformed', 'too-large', 'opcode', 'unsolicited']))
    }
    await target.expectWell()
    await target.expectEnd()
  })
})

test('goal 5: after a record that cannot be read the next one still counts', async () => {
  const target = await Target.settled()
  const bytes = encode({ response: true, answers: [srv(instance('bad')), ptr(instance('good'))] })
  // The length of the first rdata is lied about by one, both ways: what follows is found at its end, or nowhere.
  const at = bytes.indexOf(0x21) + 7 + 2
  const shorter = bytes.slice()
  shorter[at] = (shorter[at] ?? 0) - 1
  const host = target.host
  for (const lie of [shorter, bytes]) target.stranger.send(lie)
  target.run(SECOND)
  expect(host.lookup(TYPE, 'PTR').some(({ rr }) => 'target' in rr && rr.target === instance('good'))).toBe(true)
  await target.expectWell()
})
