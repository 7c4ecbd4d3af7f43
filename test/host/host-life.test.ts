import { describe, expect, test } from 'vitest'
import { RegistryError } from '../../src/errors.ts'
import type { Output } from '../../src/mdns/types.ts'
import { PRINTER, poke, publication, SEND, setUp } from './scripted-host.ts'
import { LINK } from './scripted-transport.ts'

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
      stalled: 0,
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
