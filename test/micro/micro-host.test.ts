import { expect, test } from 'vitest'
import { MicroHost } from '../../src/micro/micro-host.ts'
import { poke } from '../host/scripted-host.ts'
import { LINK, ScriptedTransport } from '../host/scripted-transport.ts'
import { StuckClock } from '../host/stuck-clock.ts'
import { publication, SECOND } from './micro-lan.ts'

/** A host between two scripted transports, open, with one node of its own that others are told of. */
function opened() {
  const clock = new StuckClock()
  const [transport, asking] = [new ScriptedTransport(), new ScriptedTransport()]
  const errors: unknown[] = []
  const onError = (error: unknown) => errors.push(error)
  const host = new MicroHost({ clock, random: () => 0.5, transport, asking, onError })
  const troubles: string[] = []
  host.on((event) => {
    if (event.kind === 'trouble') troubles.push(`${event.link} ${event.error.message}`)
  })
  transport.opens()
  asking.opens()
  return { clock, transport, asking, host, errors, troubles }
}

test('a process that was stuck for half a minute takes it for sleep, and asks again for all it wants to know', () => {
  const { clock, transport, asking, host } = opened()
  host.ask('greeter')
  clock.pass(2 * SECOND)
  const asked = asking.sent.length
  clock.stall(31 * SECOND)
  poke(transport)
  poke(transport)
  expect(asking.sent.length).toBe(asked + 1)
})

test('trouble with a link is told once, and again when the link has been well in between', () => {
  const { clock, transport, asking, host, troubles } = opened()
  host.publish(publication('greeter-1'))
  clock.pass(10 * SECOND)
  for (let n = 0; n < 3; n++) transport.on?.failed(LINK.id, new Error('first'))
  expect(troubles).toEqual([`${LINK.id} first`])
  host.publish(publication('greeter-1', { port: 1 }))
  clock.pass(10 * SECOND)
  transport.on?.failed(LINK.id, new Error('second'))
  asking.on?.failed(LINK.id, new Error('of asking'))
  expect(troubles).toEqual([`${LINK.id} first`, `${LINK.id} second`, `${LINK.id} of asking`])
})

test('a listener that throws takes nothing from the others, and is told of', () => {
  const { clock, host, errors } = opened()
  const told: string[] = []
  host.on(() => {
    throw new Error('mine')
  })
  host.on(({ kind }) => told.push(kind))
  host.publish(publication('greeter-1'))
  clock.pass(SECOND)
  expect(told).toEqual(['published'])
  expect(errors).toHaveLength(1)
})

test('what is asked of it before its links are known waits for both of them', () => {
  const clock = new StuckClock()
  const [transport, asking] = [new ScriptedTransport(), new ScriptedTransport()]
  const host = new MicroHost({ clock, random: () => 0.5, transport, asking })
  host.ask('greeter')
  transport.opens()
  clock.pass(SECOND)
  expect(asking.sent).toEqual([])
  asking.opens()
  clock.pass(SECOND)
  expect(asking.sent.length).toBeGreaterThan(0)
})

test('a group that was joined anew is asked again, and nothing that is known is doubted for it, nor said again', () => {
  const { clock, transport, asking, host } = opened()
  host.ask('greeter')
  host.publish(publication('greeter-1'))
  clock.pass(20 * SECOND)
  const [asked, said] = [asking.sent.length, transport.sent.length]
  transport.on?.rejoined(LINK.id)
  clock.pass(100)
  expect(asking.sent.length).toBe(asked + 1)
  expect(transport.sent.length).toBe(said)
})
