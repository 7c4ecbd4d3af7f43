import { describe, expect, test } from 'vitest'
import { decode } from '../../src/wire/decode.ts'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Name, RrType } from '../../src/wire/types.ts'
import { Lan } from '../dnssd/lan.ts'
import { instance, question, TYPE } from '../mdns/records.ts'

const WEB = instance('Web')

/** The answers to one question that a peer asks a host with one service. */
function answersTo(name: Name, type: RrType) {
  const lan = new Lan({ families: [4] })
  lan.station('one').dnssd.advertise({ name: 'Web', type: 'http', port: 80 })
  const peer = lan.world.peer()
  lan.world.run(5_000)
  peer.heard.length = 0
  peer.send(encode({ questions: [question(name, type)] }))
  lan.world.run(1_000)
  return peer.heard.flatMap(({ bytes }) => decode(bytes).answers)
}

describe('the records of a service', () => {
  test('R285 three, R286 ptrnm: a pointer from its type, which is shared', () => {
    expect(answersTo(TYPE, 'PTR')).toEqual([
      { type: 'PTR', name: TYPE, class: 1, flush: false, ttl: 4500, target: WEB },
    ])
  })

  test('R285 three, R287 srv0: an SRV record of its own, without rank', () => {
    const target = nameFromText('one.local')
    expect(answersTo(WEB, 'SRV')).toEqual([
      { type: 'SRV', name: WEB, class: 1, flush: true, ttl: 120, priority: 0, weight: 0, port: 80, target },
    ])
  })

  test('R285 three, R291 txt0: a TXT record of its own, though nothing is in it', () => {
    expect(answersTo(WEB, 'TXT')).toEqual([
      { type: 'TXT', name: WEB, class: 1, flush: true, ttl: 4500, data: new Uint8Array([0]) },
    ])
  })
})
