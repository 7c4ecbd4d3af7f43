import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newOutbox, type Outbox } from '../../src/mdns/outbox.ts'
import { type Packed, pack } from '../../src/mdns/pack.ts'
import { rrKey, setKey } from '../../src/mdns/rr.ts'
import { decode } from '../../src/wire/decode.ts'
import type { Message, Rr } from '../../src/wire/types.ts'
import { a, instance, nsec, ptr, question, srv, TYPE, txt } from './records.ts'

const V4 = { datagram: 1440, single: 8940 }
const V6 = { datagram: 1232, single: 8940 }
const FROM = { address: '198.18.0.9', port: 5353 }

function packed(outbox: Partial<Outbox>, limits = V4): { messages: readonly Message[] } & Packed {
  const result = pack({ ...newOutbox(), ...outbox }, limits)
  return { ...result, messages: result.sends.map(({ bytes }) => decode(bytes)) }
}

function sizes({ sends }: Packed): readonly number[] {
  return sends.map(({ bytes }) => bytes.length)
}

function records({ messages }: { messages: readonly Message[] }): readonly Rr[] {
  return messages.flatMap(({ answers, authorities, additionals }) => [...answers, ...authorities, ...additionals])
}

const big = (label: string, bytes: number) => txt(instance(label), { data: strings(bytes) })

/** TXT rdata of exactly so many bytes. */
function strings(bytes: number): Uint8Array {
  const data = new Uint8Array(bytes)
  for (let at = 0; at < bytes; at += 256) data[at] = Math.min(255, bytes - at - 1)
  return data
}

const services = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const name = instance(`service number ${i}`)
    return { answers: [ptr(name), srv(name), txt(name, { data: strings(90) })], additionals: [a('198.18.0.1')] }
  })

describe('responses', () => {
  test('nothing to send is no datagram', () => {
    expect(packed({}).sends).toEqual([])
    expect(packed({ multicast: [{ answers: [], additionals: [] }] }).sends).toEqual([])
  })

  test('R24 aar, R26 tcr, R30 noqinr, R19 idr: AA set, TC clear, no question, id 0 in every datagram', () => {
    const { messages } = packed({ multicast: services(200) })
    expect(messages.length).toBeGreaterThan(10)
    for (const message of messages) {
      expect(message).toMatchObject({ id: 0, response: true, authoritative: true, truncated: false, questions: [] })
    }
  })

  test.each([V4, V6])('R55 mtu, goal 45: 200 services in few datagrams of %o, every record once', (limits) => {
    const wanted = services(200)
    const result = packed({ multicast: wanted }, limits)
    for (const size of sizes(result)) expect(size).toBeLessThanOrEqual(limits.datagram)
    const sent = records(result).map(rrKey)
    expect(new Set(sent).size).toBe(sent.length)
    expect(new Set(sent)).toEqual(
      new Set(wanted.flatMap((reply) => [...reply.answers, ...reply.additionals]).map(rrKey)),
    )
    expect(result.multicast.map(rrKey).sort()).toEqual([...sent].sort())
    const bytes = sizes(result).reduce((sum, size) => sum + size, 0)
    expect(result.sends.length).toBeLessThanOrEqual(2 * Math.ceil(bytes / limits.datagram))
  })

  test('R56 frag1, R57 max9000, goal 45: a TXT record of 8,000 bytes travels alone, one of 9,000 not at all', () => {
    const name = instance('large')
    const answers = [ptr(name), srv(name), big('large', 8000)]
    const result = packed({ multicast: [{ answers, additionals: [a('198.18.0.1')] }] })
    const large = result.messages.filter((_, i) => (sizes(result)[i] ?? 0) > 1440)
    expect(large).toHaveLength(1)
    expect(large[0]?.answers.map(({ type }) => type)).toEqual(['TXT'])
    expect(large[0]?.additionals).toEqual([])
    expect(Math.max(...sizes(result))).toBeLessThanOrEqual(8940)
    expect(
      records(result)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(expect.arrayContaining(['PTR', 'SRV', 'TXT']))
    const tooLarge = packed({ multicast: [{ answers: [ptr(name), big('large', 9000)], additionals: [] }] })
    expect(records(tooLarge).map(({ type }) => type)).toEqual(['PTR'])
    expect(tooLarge.multicast.map(({ type }) => type)).toEqual(['PTR'])
  })

  test('additionals that do not fit are left out, whole sets from the end, never answers', () => {
    const name = instance('full')
    const addresses = Array.from({ length: 60 }, (_, i) => a(`198.18.1.${i}`))
    const answers = [ptr(name), srv(name), big('full', 300)]
    const additionals = [nsec(name, ['SRV', 'TXT']), ...addresses]
    const result = packed({ multicast: [{ answers, additionals }] }, { datagram: 500, single: 8940 })
    expect(result.messages).toHaveLength(1)
    expect(result.messages[0]?.answers.map(({ type }) => type)).toEqual(['PTR', 'SRV', 'TXT'])
    expect(result.messages[0]?.additionals.map(({ type }) => type)).toEqual(['NSEC'])
    expect(result.multicast).toHaveLength(4)
  })

  test('as many sets of additionals as fit are there', () => {
    const answers = [ptr(instance('one'))]
    const additionals = Array.from({ length: 40 }, (_, i) => big(`${i}`, 100))
    const result = packed({ multicast: [{ answers, additionals }] })
    expect(result.messages).toHaveLength(1)
    expect(1440 - (sizes(result)[0] ?? 0)).toBeLessThan(120)
    expect(result.messages[0]?.additionals).toEqual(additionals.slice(0, result.messages[0]?.additionals.length))
  })

  test('a record that one reply answers with and another adds goes out once', () => {
    const address = a('198.18.0.1')
    const reply = (label: string) => ({ answers: [srv(instance(label))], additionals: [address] })
    const result = packed({ multicast: [reply('x'), { answers: [address], additionals: [] }, reply('y')] })
    expect(records(result).map(({ type }) => type)).toEqual(['SRV', 'A', 'SRV'])
    expect(result.messages[0]?.additionals).toEqual([])
  })

  test('unicast replies go where they belong, each by itself, and do not count as multicast', () => {
    const to = { address: '198.18.0.9', port: 5353 }
    const other = { address: '198.18.0.8', port: 5353 }
    const reply = { answers: [a('198.18.0.1')], additionals: [] }
    const result = packed({
      unicast: [
        { to, reply },
        { to: other, reply },
      ],
    })
    expect(result.sends.map((send) => send.to)).toEqual([to, other])
    expect(records(result)).toHaveLength(2)
    expect(result.multicast).toEqual([])
  })

  test('a reply of thousands of answers and additionals costs no more than its own size', () => {
    const many = services(3000)
    const reply = {
      answers: many.flatMap(({ answers }) => answers.slice(0, 1)),
      additionals: many.flatMap(({ answers }) => answers.slice(1)),
    }
    const start = performance.now()
    const result = packed({ unicast: [{ to: FROM, reply }] })
    expect(performance.now() - start).toBeLessThan(500)
    expect(new Set(records(result).map(rrKey))).toEqual(new Set(reply.answers.map(rrKey)))
  })
})

describe('questions', () => {
  test('R18 idq, R21 qr, R23 aaq: id 0, QR and AA clear', () => {
    const { messages } = packed({ questions: [{ question: question(TYPE, 'PTR'), known: [] }] })
    expect(messages).toMatchObject([{ id: 0, response: false, authoritative: false, truncated: false }])
  })

  test('R72 multipack: questions share datagrams as far as they fit, with all of their known answers', () => {
    const asked = Array.from({ length: 100 }, (_, i) => ({
      question: question(instance(`name ${i}`), 'TXT'),
      known: i % 10 === 0 ? [ptr(instance(`known ${i}`))] : [],
    }))
    const result = packed({ questions: asked })
    expect(result.sends.length).toBeLessThan(6)
    for (const size of sizes(result)) expect(size).toBeLessThanOrEqual(1440)
    expect(result.messages.flatMap(({ questions }) => questions)).toEqual(asked.map((each) => each.question))
    expect(records(result)).toEqual(asked.flatMap(({ known }) => known))
    for (const message of result.messages) expect(message.truncated).toBe(false)
  })

  test('R45 cmpown, R46 cmprdata: names are compressed', () => {
    const known = Array.from({ length: 10 }, (_, i) => ptr(instance(`printer ${i}`)))
    const [size = 0] = sizes(packed({ questions: [{ question: question(TYPE, 'PTR'), known }] }))
    // Header, question, and per record: owner 2, fixed fields 10, label 10, pointer 2.
    expect(size).toBe(12 + (18 + 4) + 10 * (2 + 10 + 10 + 2))
  })

  test('R90 tcsend: known answers that do not fit go on in further datagrams, all but the last truncated', () => {
    const known = Array.from({ length: 100 }, (_, i) => ptr(instance(`${i} ${'x'.repeat(56)}`)))
    for (const limits of [V4, V6]) {
      const result = packed({ questions: [{ question: question(TYPE, 'PTR'), known }] }, limits)
      const { messages } = result
      expect(messages.length).toBe(Math.ceil(100 / Math.floor((limits.datagram - 40) / 74)))
      expect(messages.map(({ questions }) => questions.length)).toEqual(messages.map((_, i) => (i === 0 ? 1 : 0)))
      expect(messages.map(({ truncated }) => truncated)).toEqual(messages.map((_, i) => i < messages.length - 1))
      expect(records(result)).toEqual(known)
      for (const size of sizes(result)) expect(size).toBeLessThanOrEqual(limits.datagram)
    }
  })

  test('a known answer that fits no datagram is left out, the others stay', () => {
    const known = [ptr(instance('a')), big('huge', 2000), ptr(instance('b'))]
    const result = packed({ questions: [{ question: question(TYPE, 'ANY'), known }] })
    expect(records(result).map(({ type }) => type)).toEqual(['PTR', 'PTR'])
    expect(result.messages.at(-1)?.truncated).toBe(false)
  })
})

describe('probes', () => {
  test('a question stays with the records proposed for it, without cache-flush bits', () => {
    const probes = Array.from({ length: 100 }, (_, i) => {
      const name = instance(`probe ${i}`)
      return { questions: [question(name, 'ANY', true)], proposed: [srv(name), txt(name, { data: strings(200) })] }
    })
    const result = packed({ probes })
    for (const size of sizes(result)) expect(size).toBeLessThanOrEqual(1440)
    for (const { questions, authorities } of result.messages) {
      const names = new Set(authorities.map((rr) => rr.name))
      expect(new Set(questions.map(({ name }) => name))).toEqual(names)
      expect(authorities).toHaveLength(2 * names.size)
      for (const rr of authorities) expect(rr.flush).toBe(false)
    }
    expect(result.messages.flatMap(({ questions }) => questions)).toHaveLength(100)
  })
})

test('goal 43, goal 45: whatever is packed arrives, once, in datagrams no larger than they may be', () => {
  const label = fc.string({ minLength: 1, maxLength: 15, unit: fc.constantFrom('a', 'B', '.', 'é', ' ') })
  const record = fc.oneof(
    label.map((each) => ptr(instance(each))),
    fc.tuple(label, fc.nat(9)).map(([each, port]) => srv(instance(each), { port })),
    fc.tuple(label, fc.integer({ min: 1, max: 3000 })).map(([each, bytes]) => big(each, bytes)),
    fc.nat(255).map((n) => a(`198.18.0.${n}`)),
  )
  const reply = fc.record({
    answers: fc.array(record, { maxLength: 12 }),
    additionals: fc.array(record, { maxLength: 12 }),
  })
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 12 }), fc.integer({ min: 300, max: 1440 }), (multicast, datagram) => {
      const result = packed({ multicast }, { datagram, single: 8940 })
      const sent = records(result).map(rrKey)
      expect(new Set(sent).size).toBe(sent.length)
      expect(new Set(result.multicast.map(rrKey))).toEqual(new Set(sent))
      const answers = multicast.flatMap((each) => each.answers).map(rrKey)
      expect(sent).toEqual(expect.arrayContaining(answers))
      for (const { bytes } of result.sends) {
        const { answers, additionals } = decode(bytes)
        expect(answers.length + additionals.length).toBeGreaterThan(0)
        if (bytes.length > datagram) expect(answers.length + additionals.length).toBe(1)
      }
    }),
    { numRuns: 150, seed: 1 },
  )
})

test('keys: the same record in another case, TTL and flush bit is the same record', () => {
  const name = instance('Web')
  expect(rrKey(srv(name, { ttl: 5, flush: false }))).toBe(rrKey(srv(instance('wEB'))))
  expect(rrKey(srv(name, { port: 1 }))).not.toBe(rrKey(srv(name, { port: 2 })))
  expect(rrKey(ptr(instance('É')))).not.toBe(rrKey(ptr(instance('é'))))
  expect(setKey(name, 'SRV')).not.toBe(setKey(name, 'TXT'))
})
