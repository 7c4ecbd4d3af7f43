import { describe, expect, test } from 'vitest'
import { CLASS_IN, type Rr } from '../../src/wire/types.ts'
import {
  ADDRESS,
  a,
  HOST,
  INSTANCE,
  Lab,
  ptr,
  question,
  recordsOf,
  replyTo,
  responsesOf,
  SUBTYPE,
  service,
  srv,
  TYPE,
  text,
} from './lab.ts'

const nsec = (name: Rr['name'], types: readonly Rr['type'][], ttl = 120) => {
  return { type: 'NSEC', name, class: CLASS_IN, flush: true, ttl, next: name, types }
}

describe('what goes along', () => {
  test('R129 qtypeaddl, R175 addptr, R176 addsrv, R177 addtxt: the answer, and what is asked next', () => {
    for (const name of [TYPE, SUBTYPE]) {
      const { answers, additionals } = replyTo(question(name, 'PTR'))
      expect(answers).toEqual([ptr(name, INSTANCE)])
      expect(additionals).toEqual([srv(INSTANCE), text(INSTANCE), a(HOST, ADDRESS), nsec(HOST, ['A'])])
    }
    const forSrv = replyTo(question(INSTANCE, 'SRV'))
    expect(forSrv).toEqual({ answers: [srv(INSTANCE)], additionals: [a(HOST, ADDRESS), nsec(HOST, ['A'])] })
    expect(replyTo(question(INSTANCE, 'TXT'))).toEqual({ answers: [text(INSTANCE)], additionals: [] })
  })

  test('R174 addrother, R172 addrall: the other family rides along, all addresses of the interface, no other', () => {
    const { answers, additionals } = replyTo(question(HOST, 'A'), { families: [4, 6] }, 6)
    const addresses = [...answers, ...additionals].map((rr) => 'address' in rr && rr.address)
    expect(addresses).toEqual([ADDRESS, 'fe80::1', '2001:db8::1'])
  })

  test('R178 addfit: a hundred instances are all delivered, in datagrams that fit', () => {
    const publications = Array.from({ length: 100 }, (_, i) => service(`Svc ${i}`))
    const lab = Lab.settled({ publications })
    lab.ask(question(TYPE, 'PTR'))
    const replies = responsesOf(lab.listen(1_000))
    const targets = replies.flatMap((each) => recordsOf(each, 'answers')).map((rr) => 'target' in rr && rr.target)
    expect(new Set(targets).size).toBe(100)
    for (const { bytes } of replies) expect(bytes.length).toBeLessThanOrEqual(1_440)
  })
})
