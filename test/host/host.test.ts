import { describe, expect, test } from 'vitest'
import { RegistryError } from '../../src/errors.ts'
import { Host, type HostEvent } from '../../src/host/host.ts'
import type { Change, Event, Output, Publication, Send } from '../../src/mdns/types.ts'
import { VirtualClock } from '../../src/sim/clock.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { ScriptedEngine } from './scripted-engine.ts'
import { LINK, ScriptedTransport } from './scripted-transport.ts'

const PRINTER = nameFromText('Printer.local')
const SEND: Send = { link: LINK.id, to: 'group', bytes: new Uint8Array([1]) }

function setUp({ open = true, onError }: { open?: boolean; onError?: (error: unknown) => void } = {}) {
  const clock = new VirtualClock()
  const engine = new ScriptedEngine()
  const transport = new ScriptedTransport()
  const host = new Host({ clock, random: () => 0.5, transport, engine, onError })
  if (open) transport.opens()
  return { clock, engine, transport, host }
}

function publication(id: string): Publication {
  return { id, needsHost: false, records: () => [] }
}

function address(name: string): Rr {
  return { name: nameFromText(name), type: 'A', class: 1, flush: true, ttl: 120, address: '198.18.0.9' }
}

function changed(...names: string[]): Event {
  const changes = names.map((name): Change => ({ action: 'added', link: LINK.id, rr: address(name) }))
  return { kind: 'changed', changes }
}

/** A datagram, for when a test only needs a step. */
function poke(transport: ScriptedTransport): void {
  const from = { address: '198.18.0.2', port: 5353 }
  transport.on?.received({ link: LINK.id, from, viaGroup: true, bytes: new Uint8Array() })
}

describe('run to completion', () => {
  test('sends leave before events are told, settle callbacks follow, and the timer is armed last', () => {
    const { engine, transport, host, clock } = setUp()
    const order: string[] = []
    transport.onSend = () => order.push('send')
    host.on((event) => {
      order.push(event.kind, `next ${clock.next}`)
      host.settle(() => order.push('settled', `next ${clock.next}`))
    })
    engine.answer = () => ({ sends: [SEND, SEND], events: [{ kind: 'published', id: 'a', attempt: 0 }], wakeAt: 7 })
    poke(transport)
    expect(order).toEqual(['send', 'send', 'published', 'next Infinity', 'settled', 'next Infinity'])
    expect(clock.next).toBe(7)
  })

  test('what is asked during a step is done after it, in order, and never nested', () => {
    const { engine, transport, host } = setUp()
    let depth = 0
    engine.answer = (input) => {
      expect(depth).toBe(0)
      return input.kind === 'received' ? { sends: [SEND], events: [{ kind: 'published', id: 'a', attempt: 0 }] } : {}
    }
    transport.onSend = () => {
      depth += 1
      transport.on?.failed(LINK.id, new Error('refused'))
      depth -= 1
    }
    host.on(() => {
      depth += 1
      host.withdraw('a')
      host.settle(() => host.withdraw('b'))
      depth -= 1
    })
    poke(transport)
    expect(engine.kinds).toEqual(['links', 'received', 'unsent', 'withdraw', 'withdraw'])
    expect(engine.steps.slice(3).map(({ input }) => input)).toEqual([
      { kind: 'withdraw', id: 'a' },
      { kind: 'withdraw', id: 'b' },
    ])
  })

  test('what was asked before the links were known follows them in order', async () => {
    const { engine, transport, host } = setUp({ open: false })
    host.publish(publication('a'))
    const cancel = host.ask(PRINTER, 'A', () => {})
    host.withdraw('a')
    cancel()
    expect(engine.steps).toEqual([])
    transport.opens()
    expect(engine.kinds).toEqual(['links', 'publish', 'ask', 'withdraw', 'forget'])
    await host.ready
    expect(host.links).toEqual([LINK])
  })

  test('an engine that throws is reported, and is woken again', () => {
    const errors: unknown[] = []
    const { engine, transport, clock } = setUp({ onError: (error) => errors.push(error) })
    engine.answer = (input) => {
      if (input.kind === 'received') throw new Error('bug')
      return {}
    }
    poke(transport)
    clock.runTo(10_000)
    expect(errors).toEqual([new Error('bug')])
    expect(engine.kinds).toEqual(['links', 'received', 'tick'])
  })
})

describe('the timer', () => {
  test('ticks come at the instant that the last output named, and there is one timer', () => {
    const { engine, transport, clock } = setUp()
    const wakes = [50, 80, 20, 20]
    engine.answer = (input) => (input.kind === 'received' ? { wakeAt: wakes.shift() ?? 0 } : {})
    for (let i = 0; i < 4; i += 1) poke(transport)
    clock.runTo(1000)
    const ticks = engine.steps.filter(({ input }) => input.kind === 'tick')
    expect(ticks.map(({ now }) => now)).toEqual([20])
  })

  test('a wake-up beyond the longest delay of a timer comes when it is due, not at once', () => {
    const { engine, transport, clock } = setUp()
    const far = 2 ** 33
    engine.answer = (input) => (input.kind === 'received' ? { wakeAt: far } : {})
    poke(transport)
    expect(clock.next).toBe(2 ** 31 - 1)
    clock.runTo(far - 1)
    expect(engine.kinds).toEqual(['links', 'received'])
    clock.runTo(far)
    expect(engine.kinds).toEqual(['links', 'received', 'tick'])
  })
})

describe('who is told', () => {
  test('a subscriber hears the changes of its name and type alone, without regard to ASCII case', () => {
    const { engine, transport, host } = setUp()
    const heard: string[][] = []
    const names = (changes: readonly Change[]) => changes.map((change) => change.rr.name as string)
    host.ask(PRINTER, 'A', (changes) => heard.push(names(changes)))
    host.ask(PRINTER, 'AAAA', (changes) => heard.push(['AAAA', ...names(changes)]))
    host.ask(nameFromText('É.local'), 'A', (changes) => heard.push(['É', ...names(changes)]))
    engine.answer = () => ({ events: [changed('pRINTER.LOCAL', 'other.local', 'é.local', 'printer.local')] })
    poke(transport)
    expect(heard).toEqual([['pRINTER.LOCAL', 'printer.local']])
  })

  test('a cancelled subscriber hears nothing more, not even of the step that goes on; cancel twice forgets once', () => {
    const { engine, transport, host } = setUp()
    const heard: string[] = []
    host.ask(PRINTER, 'A', () => {
      heard.push('first')
      cancel()
      cancel()
    })
    const cancel = host.ask(PRINTER, 'A', () => heard.push('second'))
    engine.answer = (input) => (input.kind === 'received' ? { events: [changed('printer.local')] } : {})
    poke(transport)
    poke(transport)
    expect(heard).toEqual(['first', 'first'])
    expect(engine.kinds.filter((kind) => kind === 'forget')).toHaveLength(1)
  })

  test('a subscriber that joins during a change is told of the next one', () => {
    const { engine, transport, host } = setUp()
    let late = 0
    host.ask(PRINTER, 'A', () => {
      if (late === 0) host.ask(PRINTER, 'A', () => (late += 1))
    })
    engine.answer = (input) => (input.kind === 'received' ? { events: [changed('printer.local')] } : {})
    poke(transport)
    expect(late).toBe(0)
    poke(transport)
    expect(late).toBe(1)
  })

  test('a change costs the same however many others wait', () => {
    const { engine, transport, host } = setUp()
    let reads = 0
    for (let i = 0; i < 100_000; i += 1) {
      host.ask(nameFromText(`waiting-${i}.local`), 'A', () => (reads += 1))
    }
    host.ask(PRINTER, 'A', () => (reads += 1))
    engine.answer = () => ({ events: [changed('printer.local')] })
    const start = performance.now()
    for (let i = 0; i < 2000; i += 1) poke(transport)
    expect(reads).toBe(2000)
    // Visiting each of the others would be two hundred million visits.
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('a listener that throws takes nothing from the others, and its error is reported', () => {
    const errors: unknown[] = []
    const { engine, transport, host } = setUp({ onError: (error) => errors.push(error) })
    const told: HostEvent[] = []
    const fail = () => {
      throw new Error('mine')
    }
    host.on(fail)
    host.on((event) => told.push(event))
    host.ask(PRINTER, 'A', fail)
    host.settle(fail)
    engine.answer = () => ({ events: [changed('printer.local'), { kind: 'published', id: 'a', attempt: 0 }] })
    poke(transport)
    expect(told).toEqual([{ kind: 'published', id: 'a', attempt: 0 }])
    expect(errors).toEqual([new Error('mine'), new Error('mine'), new Error('mine')])
    expect(host.stats.errors).toBe(3)
  })

  test('an error hook that throws is silenced', () => {
    const { transport, host, engine } = setUp({
      onError: () => {
        throw new Error('again')
      },
    })
    host.settle(() => {
      throw new Error('first')
    })
    poke(transport)
    expect(engine.kinds).toEqual(['links', 'received'])
  })

  test('settle runs the same function once per step, and at once when there is no step', () => {
    const { engine, transport, host } = setUp()
    let runs = 0
    const run = () => {
      runs += 1
    }
    host.settle(run)
    expect(runs).toBe(1)
    host.on(() => {
      host.settle(run)
      host.settle(run)
      expect(runs).toBe(1)
    })
    const event: Event = { kind: 'published', id: 'a', attempt: 0 }
    engine.answer = () => ({ events: [event, event] })
    poke(transport)
    expect(runs).toBe(2)
  })
})

describe('failures of a link', () => {
  test('RFC 6762 §8.1: the engine is told of each send that failed', () => {
    const { engine, transport } = setUp()
    transport.on?.failed(LINK.id, new Error('ENETUNREACH'))
    expect(engine.steps.at(-1)?.input).toEqual({ kind: 'unsent', link: LINK.id })
  })

  test('a link degrades, fails after three in a row, and is up once a send has gone a second without failing', () => {
    const { engine, transport, clock, host } = setUp()
    const state = () => host.stats.links[0]?.state
    const error = new Error('ENETUNREACH')
    engine.answer = (input) => (input.kind === 'received' ? { sends: [SEND] } : {})
    expect(state()).toBe('up')
    for (const expected of ['degraded', 'degraded', 'failed', 'failed']) {
      poke(transport)
      transport.on?.failed(LINK.id, error)
      expect(state()).toBe(expected)
    }
    clock.runTo(5000)
    expect(state()).toBe('failed')
    poke(transport)
    expect(state()).toBe('failed')
    clock.runTo(6000)
    expect(host.stats.links).toEqual([
      { id: LINK.id, state: 'up', sent: 5, received: 5, failures: 4, lastError: error },
    ])
    transport.on?.failed(LINK.id, error)
    expect(state()).toBe('degraded')
  })

  test('the counters of a link go with the link, those of the host stay', () => {
    const { engine, transport, host } = setUp()
    engine.answer = (input) =>
      input.kind === 'received'
        ? { sends: [SEND], events: [{ kind: 'dropped', link: LINK.id, reason: 'malformed' }] }
        : {}
    poke(transport)
    const error = new Error('gone')
    transport.on?.failed(LINK.id, error)
    transport.on?.links([])
    expect(host.stats).toEqual({
      sent: 1,
      received: 1,
      failures: 1,
      dropped: { malformed: 1 },
      errors: 0,
      lastFailure: { link: LINK.id, error },
      links: [],
    })
  })
})

describe('opening', () => {
  test('a transport that cannot open rejects ready, closes the host, and leaves no unhandled rejection', async () => {
    const { transport, host } = setUp({ open: false })
    const events: string[] = []
    host.on((event) => events.push(event.kind))
    transport.refuses(new RegistryError('ERR_NO_INTERFACE', 'no interface'))
    await expect(host.ready).rejects.toThrow('no interface')
    await host.close()
    expect(events).toEqual(['closed'])
    expect(transport.closes).toBe(1)
    expect(() => host.publish(publication('a'))).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('close while opening drops what was held, and closes the transport once it is open', async () => {
    const { transport, host, engine } = setUp({ open: false })
    host.publish(publication('a'))
    const closed = host.close()
    expect(transport.closes).toBe(0)
    transport.opens()
    await closed
    expect(engine.kinds).toEqual(['links', 'close'])
    expect(transport.closes).toBe(1)
  })

  test('close does not wait longer than half a second for a transport that never opens', async () => {
    const { transport, host, clock } = setUp({ open: false })
    const closed = host.close()
    clock.runTo(499)
    expect(transport.closes).toBe(0)
    clock.runTo(500)
    expect(transport.closes).toBe(1)
    await closed
  })
})

describe('closing', () => {
  test('the transport is closed on `closed`, not before', async () => {
    const { engine, transport, clock, host } = setUp()
    const events: string[] = []
    host.on((event) => events.push(event.kind))
    const said: Record<string, Partial<Output>> = {
      close: { sends: [SEND], events: [], wakeAt: 125 },
      tick: { sends: [SEND], events: [{ kind: 'closed' }] },
    }
    engine.answer = (input) => said[input.kind] ?? {}
    const closed = host.close()
    expect(host.close()).toBe(closed)
    clock.runTo(124)
    expect(transport).toMatchObject({ closes: 0, sent: [SEND] })
    clock.runTo(125)
    expect(transport).toMatchObject({ closes: 1, sent: [SEND, SEND] })
    await closed
    clock.runTo(10_000)
    expect(events).toEqual(['closed'])
    expect(clock.next).toBe(Number.POSITIVE_INFINITY)
  })

  test('an engine that never says `closed` is not waited for longer than half a second', async () => {
    const { engine, transport, clock, host } = setUp()
    const events: string[] = []
    host.on((event) => events.push(event.kind))
    engine.answer = () => ({ events: [], wakeAt: 10_000 })
    const closed = host.close()
    clock.runTo(500)
    expect(transport.closes).toBe(1)
    expect(events).toEqual(['closed'])
    expect(clock.next).toBe(Number.POSITIVE_INFINITY)
    await closed
  })

  test('close resolves when the transport cannot be closed, and reports why', async () => {
    const errors: unknown[] = []
    const { transport, host } = setUp({ onError: (error) => errors.push(error) })
    transport.onClose = () => Promise.reject(new Error('stuck'))
    await host.close()
    expect(errors).toEqual([new Error('stuck')])
  })

  test('afterwards publish and ask throw ERR_CLOSED, and all else does nothing', async () => {
    const { engine, transport, clock, host } = setUp()
    const cancel = host.ask(PRINTER, 'A', () => {})
    await host.close()
    const { length } = engine.steps
    expect(() => host.publish(publication('a'))).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    expect(() => host.ask(PRINTER, 'A', () => {})).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    cancel()
    host.withdraw('a')
    host.reconfirm(PRINTER, 'A')
    host.on(() => {})()
    poke(transport)
    transport.on?.links([])
    transport.on?.failed(LINK.id, new Error('late'))
    clock.runTo(1e6)
    expect(host.lookup(PRINTER, 'A')).toEqual([])
    expect(engine.steps).toHaveLength(length)
  })
})
