import { expect, test } from 'vitest'
import { setUp } from './scripted-host.ts'

test('an open host does not keep the process alive; the first hold does, and the last one lets it go', async () => {
  const { host, transport } = setUp()
  await host.ready
  expect(transport.told).toEqual([])
  const [first, second] = [host.hold('standing'), host.hold('call')]
  expect(transport.told).toEqual([true])
  first()
  first()
  expect(transport.told).toEqual([true])
  second()
  expect(transport.told).toEqual([true, false])
  host.hold('standing')
  expect(transport.told).toEqual([true, false, true])
})

test('with `ref: false` only calls do', () => {
  const { host, transport } = setUp({ ref: false })
  host.hold('standing')()
  expect(transport.told).toEqual([])
  host.hold('call')()
  expect(transport.told).toEqual([true, false])
})

test('before the links are known it is the same', () => {
  const { host, transport } = setUp({ open: false })
  host.hold('standing')
  expect(transport.told).toEqual([true])
})

test.each([true, false])('closing does until it is done, and then nothing (ref: %s)', async (ref) => {
  const { host, transport, engine, clock } = setUp({ ref })
  engine.answer = (input) => (input.kind === 'close' ? { events: [], wakeAt: 125 } : { events: [{ kind: 'closed' }] })
  const forgotten = host.hold('call')
  const closed = host.close()
  expect(transport.told).toEqual([true])
  clock.runTo(125)
  expect(transport.told).toEqual([true])
  await closed
  expect(transport.told).toEqual([true, false])
  forgotten()
  host.hold('call')
  expect(transport.told).toEqual([true, false])
})
