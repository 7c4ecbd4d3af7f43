import { expect, test } from 'vitest'
import { poke, publication, SEND, setUp } from './scripted-host.ts'

/** A host whose engine says two goodbyes, the second one later, as the real one does. */
function leaving(options: Parameters<typeof setUp>[0] = {}) {
  const parts = setUp(options)
  parts.engine.answer = (input, now) => {
    if (input.kind === 'close') return { sends: [SEND], events: [], wakeAt: now + 125 }
    return input.kind === 'tick' ? { sends: [SEND], events: [{ kind: 'closed' }] } : {}
  }
  return parts
}

test('the first goodbye is sent before farewell returns', () => {
  const { engine, transport, host } = leaving()
  host.farewell()
  expect(engine.kinds).toEqual(['links', 'close'])
  expect(transport.sent).toEqual([SEND])
})

test('so it is from inside of a listener, though the host is busy; what still waited is not done', () => {
  const { engine, transport, host } = leaving()
  const usual = engine.answer
  engine.answer = (input, now) =>
    input.kind === 'received' ? { events: [{ kind: 'published', id: 'a', attempt: 0 }] } : usual(input, now)
  host.on(({ kind }) => {
    if (kind !== 'published') return
    host.publish(publication('b'))
    host.farewell()
    expect(transport.sent).toEqual([SEND])
  })
  poke(transport)
  expect(host.stats.errors).toBe(0)
  expect(engine.kinds).toEqual(['links', 'received', 'close'])
  expect(transport.sent).toEqual([SEND])
})

test('so it is after a close that was asked for inside of a step and did not have its turn', () => {
  const { engine, transport, host } = leaving()
  host.settle(() => {
    void host.close()
    expect(transport.sent).toEqual([])
    host.farewell()
    expect(transport.sent).toEqual([SEND])
  })
  expect(engine.kinds).toEqual(['links', 'close'])
})

test('nothing is said twice: neither after close nor when called again', async () => {
  const { engine, transport, clock, host } = leaving()
  const closed = host.close()
  host.farewell()
  host.farewell()
  expect(transport.sent).toEqual([SEND])
  clock.runTo(125)
  await closed
  host.farewell()
  expect(engine.kinds).toEqual(['links', 'close', 'tick'])
  expect(transport).toMatchObject({ sent: [SEND, SEND], closes: 1 })
})

test('a process that lives on closes as after close', async () => {
  const { transport, clock, host } = leaving()
  host.farewell()
  clock.runTo(125)
  await host.close()
  expect(transport).toMatchObject({ sent: [SEND, SEND], closes: 1 })
  expect(clock.next).toBe(Number.POSITIVE_INFINITY)
})

test('before the links are known there is nothing to say', () => {
  const { engine, host } = leaving({ open: false })
  host.publish(publication('a'))
  host.farewell()
  expect(engine.steps).toEqual([])
})

test('an engine or a transport that throws does not make it throw', () => {
  const { engine, transport, host } = leaving()
  transport.onSend = () => {
    throw new Error('no network')
  }
  host.farewell()
  const broken = setUp()
  broken.engine.answer = () => {
    throw new Error('bug')
  }
  broken.host.farewell()
  expect([host.stats.errors, broken.host.stats.errors]).toEqual([1, 1])
  expect(engine.kinds).toContain('close')
})
