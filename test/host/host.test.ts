import { describe, expect, test } from 'vitest'
import type { HostEvent } from '../../src/host/host-event.ts'
import type { Change, Event } from '../../src/mdns/types.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { changed, PRINTER, poke, publication, SEND, setUp } from './scripted-host.ts'
import { LINK } from './scripted-transport.ts'

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
    host.on(({ kind }) => {
      if (kind !== 'published') return
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

  test('a cancelled subscriber hears nothing more, not even of the same step; cancelling twice forgets once', () => {
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
