import { describe, expect, test } from 'vitest'
import type { MicroHostEvent } from '../../src/micro/micro-host.ts'
import { encode } from '../../src/wire/encode.ts'
import { goNode, listening, SECOND } from './micro-lan.ts'

/** `heard greeter-1`, `gone greeter-1 goodbye`. */
const told = (events: readonly MicroHostEvent[]) =>
  events.flatMap((event) => {
    if (event.kind === 'heard') return `heard ${event.node.id}`
    return event.kind === 'gone' ? `gone ${event.node.id} ${event.reason}` : []
  })

describe('what a Go program says', () => {
  test('is known as it says it, from an announcement or an answer alike', () => {
    const lan = listening()
    lan.say(goNode({ json: { Metadata: { a: 'b' } } }))
    lan.run(10)
    expect(lan.host.nodes('greeter')).toEqual([
      {
        service: 'greeter',
        id: 'greeter-1',
        port: 9090,
        json: { metadata: { a: 'b' }, service: 'greeter', version: '1.0.0', endpoints: null },
        addresses: [{ address: '198.18.0.77', family: 4, interface: 'lan' }],
      },
    ])
  })

  test('is news once, however often it is said', () => {
    const lan = listening()
    for (let n = 0; n < 3; n++) lan.say(goNode())
    lan.run(10)
    lan.say(goNode({ port: 1 }))
    lan.run(10)
    expect(told(lan.events)).toEqual(['heard greeter-1', 'heard greeter-1'])
  })

  test('of other services is no concern of ours', () => {
    const lan = listening()
    lan.say(goNode({ service: 'other' }))
    lan.say(goNode({ id: 'x', service: 'greeter', json: { Service: 'other' } }))
    lan.run(10)
    expect(lan.host.nodes(undefined)).toEqual([])
  })

  test('has a service with dots, which are told from those of the id by what the record says', () => {
    const lan = listening('all')
    lan.say(goNode({ id: 'a.b', service: 'go.micro.srv.greeter' }))
    lan.run(10)
    expect(lan.host.nodes(undefined)).toMatchObject([{ id: 'a.b', service: 'go.micro.srv.greeter' }])
  })

  test('with a wildcard for an address is reached where it was said', () => {
    const lan = listening()
    lan.say(goNode({ address: '0.0.0.0' }))
    lan.run(10)
    expect(lan.host.nodes('greeter')[0]?.addresses).toMatchObject([{ address: lan.go.address(4), family: 4 }])
  })

  test.each([
    ['has no port', goNode({ port: 0 })],
    ['has no address', goNode().filter(({ type }) => type !== 'A')],
    ['has no TXT record', goNode().filter(({ type }) => type !== 'TXT')],
    ['has JSON null', goNode().map((rr) => (rr.type === 'TXT' ? { ...rr, data: NULL } : rr))],
    ['has an empty TXT record', goNode().map((rr) => (rr.type === 'TXT' ? { ...rr, data: new Uint8Array() } : rr))],
    ['has no service in it', goNode({ json: { Service: 7 } })],
    ['is of another domain', goNode({ domain: 'other' })],
  ])('is not believed if it %s', (_, records) => {
    const lan = listening('all')
    lan.say(records)
    lan.run(10)
    expect(lan.host.nodes(undefined)).toEqual([])
  })

  test('from another port than 5353, or to us alone from beyond the link, is not believed', () => {
    const lan = listening()
    const bytes = encode({ response: true, answers: goNode() }, { legacy: true })
    lan.go.send(bytes, { from: { port: 5354 } })
    const [own] = lan.host.links[0]?.addresses ?? []
    const to = { address: own?.address ?? '', port: 49_152 }
    lan.go.send(bytes, { to, from: { address: '203.0.113.5' } })
    lan.run(10)
    expect(lan.host.nodes('greeter')).toEqual([])
    lan.go.send(bytes, { to })
    lan.run(10)
    expect(lan.host.nodes('greeter')).toHaveLength(1)
  })
})

const NULL = Buffer.from('\x22789cca2bcdc901040000ffff045f01bc')

describe('the end of a node', () => {
  test('comes with its goodbye, at once and once', () => {
    const lan = listening()
    lan.say(goNode())
    lan.run(SECOND)
    for (let n = 0; n < 2; n++) lan.say(goNode({ ttl: 0 }))
    lan.run(10)
    expect(told(lan.events)).toEqual(['heard greeter-1', 'gone greeter-1 goodbye'])
  })

  test('is not undone by what was said before it and arrives after it', () => {
    const lan = listening()
    lan.say(goNode())
    lan.run(SECOND)
    lan.say(goNode({ ttl: 0 }))
    lan.say(goNode())
    lan.run(100)
    expect(lan.host.nodes('greeter')).toEqual([])
    lan.run(200)
    lan.say(goNode())
    lan.run(10)
    expect(told(lan.events)).toEqual(['heard greeter-1', 'gone greeter-1 goodbye', 'heard greeter-1'])
  })

  test('comes when its time runs out, after four questions that nobody answered', () => {
    const lan = listening()
    lan.run(600 * SECOND)
    const said = lan.world.now
    lan.say(goNode())
    lan.run(119 * SECOND)
    expect(lan.host.nodes('greeter')).toHaveLength(1)
    lan.run(2 * SECOND)
    expect(told(lan.events)).toEqual(['heard greeter-1', 'gone greeter-1 expired'])
    const shares = lan.questions.filter(({ at }) => at > said).map(({ at }) => (at - said) / (120 * SECOND))
    expect(shares).toHaveLength(4)
    for (const [index, share] of shares.entries()) {
      expect(share).toBeGreaterThanOrEqual(0.8 + 0.05 * index)
      expect(share).toBeLessThan(0.8 + 0.05 * index + 0.021)
    }
  })

  test('does not come while it answers', () => {
    const lan = listening()
    lan.serve(goNode())
    lan.run(3_600 * SECOND)
    expect(told(lan.events)).toEqual(['heard greeter-1'])
    expect(lan.questions.length).toBeLessThan(60)
  })

  test('comes within three seconds of doubt if it does not answer, and not at all if it does', () => {
    const lan = listening()
    lan.say(goNode())
    lan.run(10 * SECOND)
    lan.host.verify('GREETER-1')
    lan.run(2_999)
    expect(lan.host.nodes('greeter')).toHaveLength(1)
    lan.run(2)
    expect(told(lan.events)).toEqual(['heard greeter-1', 'gone greeter-1 verify-failed'])
    lan.serve(goNode())
    lan.say(goNode())
    lan.run(SECOND)
    lan.host.verify('greeter-1')
    lan.run(60 * SECOND)
    expect(told(lan.events).slice(2)).toEqual(['heard greeter-1'])
  })

  test('comes ten seconds after sleep, unless it is heard again', () => {
    const lan = listening()
    lan.say(goNode())
    lan.say(goNode({ id: 'greeter-2' }))
    lan.run(30 * SECOND)
    lan.serve(goNode())
    lan.world.transports(lan.host).group.wake()
    lan.run(10 * SECOND)
    expect(told(lan.events)).toEqual(['heard greeter-1', 'heard greeter-2', 'gone greeter-2 expired'])
  })

  test('comes five seconds after its link has gone, unless the link returns', () => {
    const lan = listening()
    const { group, asking } = lan.world.transports(lan.host)
    lan.say(goNode())
    lan.run(10 * SECOND)
    const addresses = group.interface(lan.world.lan)?.addresses ?? []
    for (const transport of [group, asking]) transport.disconnect(lan.world.lan)
    lan.run(4 * SECOND)
    lan.serve(goNode())
    asking.connect(lan.world.lan, { addresses, queryOnly: true })
    group.connect(lan.world.lan, { addresses })
    lan.run(60 * SECOND)
    expect(told(lan.events)).toEqual(['heard greeter-1'])
    for (const transport of [group, asking]) transport.disconnect(lan.world.lan)
    lan.run(6 * SECOND)
    expect(told(lan.events)).toEqual(['heard greeter-1', 'gone greeter-1 expired'])
  })
})
