// Owns a browser on the rig, and whether it finds the service in what is said to it.
// Does not own what is said nor how; the tests of reception do.
import { expect } from 'vitest'
import type { PeerSend } from '../../src/sim/peer.ts'
import type { Message } from '../../src/wire/types.ts'
import { a, instance, ptr, srv, TYPE, txt } from '../mdns/records.ts'
import { Rig } from './rig.ts'

export const WEB = instance('web')
export const SERVICE = [ptr(WEB), srv(WEB), txt(WEB), a('198.18.0.9')]
export const NEW = { response: true, answers: SERVICE }

export function browsing(): Rig {
  const rig = new Rig()
  rig.ask(TYPE, 'PTR')
  rig.run(5_000)
  return rig
}

/** Whether the service in it is found. */
export function finds(rig: Rig, message: Partial<Message> | Uint8Array, send?: PeerSend): boolean {
  if (message instanceof Uint8Array) rig.peer.send(message, send)
  else rig.say(message, send)
  rig.run(0)
  const found = rig.lookup(TYPE, 'PTR').length > 0
  expect(rig.news.map(({ what }) => what)).toEqual(found ? [`+ ${WEB}`] : [])
  return found
}
