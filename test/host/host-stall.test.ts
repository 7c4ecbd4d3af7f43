import { expect, test } from 'vitest'
import { Host } from '../../src/host/host.ts'
import { ScriptedEngine } from './scripted-engine.ts'
import { poke } from './scripted-host.ts'
import { LINK, ScriptedTransport } from './scripted-transport.ts'
import { StuckClock } from './stuck-clock.ts'

/** An engine that wants to be woken at 100, in a process that is then stuck. */
function stuck(ms: number) {
  const clock = new StuckClock()
  const engine = new ScriptedEngine()
  const transport = new ScriptedTransport()
  const host = new Host({ clock, random: () => 0.5, transport, engine })
  engine.answer = (_, now) => ({ wakeAt: now < 100 ? 100 : Number.POSITIVE_INFINITY })
  transport.opens()
  clock.stall(ms)
  return { clock, engine, transport, host, story: () => engine.steps.map(({ input, now }) => `${input.kind} ${now}`) }
}

test('after a stall the datagrams that waited come before what was due meanwhile, whichever is noticed first', () => {
  for (const first of ['timer', 'datagram']) {
    const { clock, transport, host, story } = stuck(5100)
    if (first === 'timer') clock.turn()
    poke(transport)
    clock.turn()
    clock.pass(930)
    poke(transport)
    clock.pass(70)
    expect(story()).toEqual(['links 0', 'received 0', 'received 30', 'tick 100'])
    expect(host.stats.stalled).toBe(6000)
  }
})

test('what the program asks for after a stall comes before what was due meanwhile', () => {
  const { clock, host, story } = stuck(5100)
  host.withdraw('a')
  clock.pass(1000)
  expect(story()).toEqual(['links 0', 'withdraw 0', 'tick 100'])
})

test('a process that was stuck for half a minute takes it for sleep: peers may have given it up', () => {
  const { clock, transport, story } = stuck(30_100)
  poke(transport)
  poke(transport)
  clock.pass(2000)
  expect(story()).toEqual(['links 0', 'received 0', 'woken 0', 'received 0', 'tick 100'])
})

test('the receive buffer of each link is told, where the transport knows it', () => {
  const { host, transport } = stuck(0)
  expect(host.stats.links).toMatchObject([{ id: LINK.id }])
  expect(host.stats.links[0]).not.toHaveProperty('receiveBuffer')
  Object.assign(transport, { receiveBuffers: () => new Map([[LINK.id, 425_984]]) })
  expect(host.stats.links).toMatchObject([{ id: LINK.id, receiveBuffer: 425_984 }])
})
