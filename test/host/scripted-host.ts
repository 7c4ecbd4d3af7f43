// Owns the set-up of the tests of a host: scripted engine, scripted transport, virtual clock, and small inputs.
// Does not own any test.
import { Host } from '../../src/host/host.ts'
import type { Change, Event, Publication, Send } from '../../src/mdns/types.ts'
import { VirtualClock } from '../../src/sim/clock.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'
import { ScriptedEngine } from './scripted-engine.ts'
import { LINK, ScriptedTransport } from './scripted-transport.ts'

export const PRINTER = nameFromText('Printer.local')
export const SEND: Send = { link: LINK.id, to: 'group', bytes: new Uint8Array([1]) }

interface SetUp {
  readonly open?: boolean
  readonly onError?: (error: unknown) => void
  readonly ref?: boolean
}

export function setUp({ open = true, onError, ref }: SetUp = {}) {
  const clock = new VirtualClock()
  const engine = new ScriptedEngine()
  const transport = new ScriptedTransport()
  const host = new Host({ clock, random: () => 0.5, transport, engine, onError, ref })
  if (open) transport.opens()
  return { clock, engine, transport, host }
}

export function publication(id: string): Publication {
  return { id, needsHost: false, records: () => [] }
}

function address(name: string): Rr {
  return { name: nameFromText(name), type: 'A', class: 1, flush: true, ttl: 120, address: '198.18.0.9' }
}

export function changed(...names: string[]): Event {
  const changes = names.map((name): Change => ({ action: 'added', link: LINK.id, rr: address(name) }))
  return { kind: 'changed', changes }
}

/** A datagram, for when a test only needs a step. */
export function poke(transport: ScriptedTransport): void {
  const from = { address: '198.18.0.2', port: 5353 }
  transport.on?.received({ link: LINK.id, from, viaGroup: true, bytes: new Uint8Array() })
}
