import { describe, expect, test } from 'vitest'
import { MICRO_LIMITS } from '../../src/micro/limits.ts'
import { serviceName } from '../../src/micro/micro-name.ts'
import { World } from '../../src/sim/world.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { goNode, LIST, listening, MicroLan, SECOND } from './micro-lan.ts'

describe('questions', () => {
  test('never leave from port 5353, for a Go program would answer itself', () => {
    const lan = listening('all')
    lan.host.publish({ key: 'a', service: 'a', id: 'a', port: 1, txt: new Uint8Array([0]), ttl: 120 })
    lan.say(goNode())
    lan.run(600 * SECOND)
    lan.host.verify('greeter-1')
    lan.run(60 * SECOND)
    expect(lan.questions.length).toBeGreaterThan(10)
    expect(lan.questions.filter(({ port }) => port === 5353)).toEqual([])
  })

  test('come at once, then twice within a second, then less and less', () => {
    const lan = listening()
    lan.run(2_000 * SECOND)
    const gaps = lan.questions.map(({ at }, index, all) => at - (all[index - 1]?.at ?? 0))
    expect(gaps.slice(0, 6)).toEqual([0, 250, 750, 2_000, 4_000, 8_000])
    expect(gaps.slice(-2)).toEqual([256_000, 256_000])
  })

  test('of all services go to the list, and to each service that is on it', () => {
    const lan = listening('all')
    const target = nameFromText('go.micro.srv.greeter._services.micro')
    lan.say([{ name: LIST, type: 'PTR', class: 1, flush: false, ttl: 120, target }])
    lan.run(SECOND)
    const names = new Set(lan.questions.map(({ name }) => name))
    expect(names).toEqual(new Set([LIST, serviceName('go.micro.srv.greeter', 'micro')]))
  })

  test('are not asked of what the list has in labels that no text stands for', () => {
    const lan = listening('all')
    for (const text of ['a\\.b', '\\.', 'x.\\.y', '\\239\\187\\191', '\\255']) {
      const target = nameFromText(`${text}._services.micro`)
      lan.say([{ name: LIST, type: 'PTR', class: 1, flush: false, ttl: 120, target }])
    }
    lan.run(10 * SECOND)
    expect(new Set(lan.questions.map(({ name }) => name))).toEqual(new Set([LIST, serviceName('\ufeff', 'micro')]))
    expect(lan.errors).toEqual([])
  })

  test('end with the last who wants to know, and what was known is forgotten', () => {
    const lan = new MicroLan()
    const cancels = [lan.host.ask('greeter'), lan.host.ask('greeter'), lan.host.ask(undefined)]
    lan.say(goNode())
    lan.say(goNode({ id: 'o', service: 'other' }))
    lan.run(SECOND)
    cancels[2]?.()
    cancels[0]?.()
    cancels[0]?.()
    expect(lan.host.nodes(undefined).map(({ service }) => service)).toEqual(['greeter'])
    cancels[1]?.()
    expect(lan.host.nodes(undefined)).toEqual([])
    const asked = lan.questions.length
    lan.run(3_600 * SECOND)
    expect(lan.questions.length).toBe(asked)
  })

  test('are asked of the domain that go-micro had up to 1.9, if that is wanted', () => {
    const lan = new MicroLan({ domain: 'local' })
    lan.host.ask('greeter')
    lan.say(goNode())
    lan.say(goNode({ id: 'old', domain: 'local' }))
    lan.run(SECOND)
    expect(lan.questions[0]?.name).toBe('greeter.local')
    expect(lan.host.nodes('greeter').map(({ id }) => id)).toEqual(['old'])
  })
})

describe('caps', () => {
  test('no more than 8,192 nodes are known, 8 addresses of each', () => {
    const lan = listening()
    for (let n = 0; n < MICRO_LIMITS.nodes + 100; n++) lan.say(goNode({ id: `n${n}` }))
    lan.run(100)
    expect(lan.host.nodes('greeter')).toHaveLength(MICRO_LIMITS.nodes)
    const many = Array.from({ length: 40 }, (_, n) => goNode({ id: 'n1', address: `198.18.1.${n}` })[1] ?? [])
    lan.say([...goNode({ id: 'n1' }), ...many.flat()])
    lan.run(100)
    expect(lan.host.nodes('greeter')[1]?.addresses).toHaveLength(MICRO_LIMITS.addresses)
  })

  test('no more than 1,024 services are asked for because a list has them, 50 questions a second', () => {
    const lan = listening('all')
    for (let n = 0; n < 40; n++) {
      const targets = Array.from({ length: 50 }, (_, i) => nameFromText(`s${n * 50 + i}._services.micro`))
      lan.say(targets.map((target) => ({ name: LIST, type: 'PTR', class: 1, flush: false, ttl: 120, target })))
    }
    lan.run(10 * SECOND)
    const { questionBurst, questionsPerSecond } = MICRO_LIMITS
    expect(lan.questions.length).toBeGreaterThan(questionBurst)
    expect(lan.questions.length).toBeLessThanOrEqual(questionBurst + 10 * questionsPerSecond)
    lan.run(3_600 * SECOND)
    expect(new Set(lan.questions.map(({ name }) => name)).size).toBeLessThanOrEqual(MICRO_LIMITS.listed)
  })

  test('a datagram of more than 9,000 bytes is not read', () => {
    const lan = listening()
    const [srv, a, txt] = goNode()
    const long = encode({ response: true, answers: [srv, a, txt].flatMap((rr) => rr ?? []) }, { legacy: true })
    lan.go.send(Buffer.concat([long, Buffer.alloc(MICRO_LIMITS.datagramIn)]))
    lan.run(10)
    expect(lan.host.nodes('greeter')).toEqual([])
  })
})

test('thirty hosts that watch each other for an hour ask no more than each needs', () => {
  const world = new World({ families: [4] })
  const hosts = Array.from({ length: 30 }, () => world.microHost())
  for (const [index, host] of hosts.entries()) {
    host.ask('greeter')
    const txt = goNode({ id: `n${index}` }).find(({ type }) => type === 'TXT')
    if (txt?.type === 'TXT') {
      host.publish({ key: 'a', service: 'greeter', id: `n${index}`, port: 1, txt: txt.data, ttl: 120 })
    }
  }
  world.run(30 * SECOND)
  expect(hosts.every((host) => host.nodes('greeter').length === 30)).toBe(true)
  const multicasts = () => world.transcript.filter(({ viaGroup }) => viaGroup).length
  const before = multicasts()
  world.run(600 * SECOND)
  expect((multicasts() - before) / hosts.length / 600).toBeLessThan(0.05)
})
