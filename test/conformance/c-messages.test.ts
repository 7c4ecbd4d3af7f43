import { describe, expect, test } from 'vitest'
import type { Publication } from '../../src/mdns/types.ts'
import { labelsOf, nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Rr } from '../../src/wire/types.ts'
import { Lan } from '../dnssd/lan.ts'
import {
  ADDRESS,
  a,
  HOST,
  INSTANCE,
  instanceAt,
  Lab,
  ptr,
  question,
  recordsOf,
  responsesOf,
  service,
  srv,
  TYPE,
  text,
} from './lab.ts'

describe('names', () => {
  test('R36 utf8: what is given decomposed goes out and is found composed, and nothing is Punycode', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    const composed = 'Büro 日本'
    one.dnssd.advertise({ name: composed.normalize('NFD'), type: 'http', port: 80, subtypes: ['Tür'.normalize('NFD')] })
    const found = await lan.world.until(two.dnssd.resolve(composed.normalize('NFD'), 'http'))
    expect(found.name).toBe(composed)
    two.dnssd.browse('_tür._tcp'.normalize('NFD'))
    void two.dnssd.lookup('büro'.normalize('NFD')).catch(() => {})
    lan.world.run(5_000)
    const messages = [...lan.messages(one), ...lan.messages(two)]
    const labels = messages
      .flatMap(({ questions, answers }) => [...questions, ...answers])
      .flatMap(({ name }) => labelsOf(name))
      .map((label) => Buffer.from(label).toString())
    for (const label of [composed, 'Tür', '_tür', 'büro']) expect(labels).toContain(label)
    expect(labels.filter((label) => label !== label.normalize('NFC') || label.startsWith('xn--'))).toEqual([])
  })

  test('R59 cnameacc: another spelling leads to the host if it is published as an alias, and only then', () => {
    const alias: Publication = {
      id: 'alias',
      needsHost: true,
      records: ({ host }): readonly Rr[] => [
        { type: 'CNAME', name: nameFromText('Büro.local'), class: CLASS_IN, flush: true, ttl: 120, target: host },
      ],
    }
    const lab = Lab.settled({ publications: [alias] })
    lab.ask(question(nameFromText('Büro.local'), 'A'))
    const [reply] = responsesOf(lab.listen(1_000))
    expect(reply?.after).toBeLessThanOrEqual(10)
    expect(reply?.message.answers).toMatchObject([{ type: 'CNAME', target: HOST }])
    expect(reply ? recordsOf(reply) : []).toContainEqual(a(HOST, ADDRESS))
    for (const other of ['Buro.local', 'BÜRO.local', 'Büro.local'.normalize('NFD'), 'dut_host.local']) {
      lab.ask(question(nameFromText(other), 'A'))
    }
    expect(lab.listen(2_000)).toEqual([])
  })
})

describe('messages', () => {
  test('R58 multiq: of five questions the three that are ours get all of their answers', () => {
    const lab = Lab.settled()
    const elsewhere = nameFromText('elsewhere.local')
    const own = [question(INSTANCE, 'SRV'), question(TYPE, 'PTR'), question(HOST, 'A')]
    lab.ask([question(elsewhere, 'A'), ...own, question(elsewhere, 'TXT')])
    const replies = responsesOf(lab.listen(1_000))
    const answers = replies.flatMap((each) => recordsOf(each, 'answers'))
    expect(answers).toHaveLength(3)
    for (const rr of [srv(INSTANCE), ptr(TYPE, INSTANCE), a(HOST, ADDRESS)]) expect(answers).toContainEqual(rr)
    for (const { after } of replies) {
      expect(after).toBeGreaterThanOrEqual(20)
      expect(after).toBeLessThanOrEqual(120 + 500)
    }
  })

  test('R55 mtu, R320 maxpkt: three hundred services are all told, in datagrams that fit either family', () => {
    const publications = Array.from({ length: 300 }, (_, i) => service(`Svc ${i}`))
    const lab = new Lab({ publications, families: [4, 6] })
    const heard = [...lab.listen(5_000)]
    for (const family of [4, 6] as const) {
      lab.ask(question(TYPE, 'PTR'), {}, { family })
      const replies = responsesOf(lab.listen(2_000))
      const answers = replies.flatMap((each) => recordsOf(each, 'answers'))
      expect(new Set(answers)).toEqual(new Set(publications.map(({ id }) => ptr(TYPE, instanceAt(id)))))
      heard.push(...replies)
    }
    for (const { family, bytes } of heard) expect(bytes.length).toBeLessThanOrEqual(family === 4 ? 1_440 : 1_232)
  })

  test('R56 frag1: a record that fits no datagram goes alone in its own', () => {
    const big = text(INSTANCE)
    const data = new Uint8Array(2_000).fill(1).map((_, i) => (i % 250 === 0 ? 249 : 0x61))
    const publication: Publication = {
      id: 'big',
      needsHost: true,
      records: ({ host }) => [ptr(TYPE, INSTANCE), srv(INSTANCE, { target: host }), { ...big, data } as Rr],
    }
    const lab = Lab.settled({ publications: [publication] })
    lab.ask(question(INSTANCE, 'ANY'))
    const heard = responsesOf(lab.listen(2_000))
    const large = heard.filter(({ bytes }) => bytes.length > 1_440)
    expect(large.map((each) => recordsOf(each).map(({ type }) => type))).toEqual([['TXT']])
    expect(
      heard
        .flatMap((each) => recordsOf(each, 'answers'))
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['SRV', 'TXT'])
  })
})
