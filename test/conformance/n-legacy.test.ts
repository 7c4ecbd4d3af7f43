import { describe, expect, test } from 'vitest'
import { Allowance } from '../../src/mdns/allowance.ts'
import { LIMITS } from '../../src/mdns/limits.ts'
import { nameFromText } from '../../src/wire/name.ts'
import {
  ADDRESS,
  a,
  HOST,
  INSTANCE,
  Lab,
  opaque,
  ptr,
  question,
  recordsOf,
  responsesOf,
  SUBTYPE,
  service,
  TYPE,
} from './lab.ts'

describe('legacy queries', () => {
  const legacy = { from: { port: 40_000 } }

  test('R181 leguni, R182 legid, R183 legflush, R184 legttl: a plain reply to the port that asked', () => {
    for (const family of [4, 6] as const) {
      const lab = Lab.settled({ families: [4, 6] })
      const asked = question(nameFromText('tEST sVC._HTTP._tcp.LOCAL'), 'SRV')
      lab.ask(asked, { id: 0x1234 }, { ...legacy, family })
      const [reply, ...more] = lab.listen(1_000)
      expect(more).toEqual([])
      expect(reply).toMatchObject({ port: 40_000, viaGroup: false, family })
      expect(reply?.message).toMatchObject({ id: 0x1234, response: true, questions: [asked], truncated: false })
      const records = reply ? recordsOf(reply) : []
      expect(records.map(({ type }) => type)).toEqual(['SRV', 'A', 'AAAA', 'AAAA'])
      for (const { flush, ttl } of records) expect({ flush, short: ttl <= 10 }).toEqual({ flush: false, short: true })
    }
  })

  test('R185 legsrv: the target of an SRV record is not compressed', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'SRV'), {}, legacy)
    const hex = Buffer.from(lab.listen(100)[0]?.bytes ?? []).toString('hex')
    expect(hex).toContain(Buffer.from('\x00\x00\x00\x00\x1f\x90\x08dut-host\x05local\x00', 'latin1').toString('hex'))
  })

  test('R186 legtc: 512 bytes, or what the resolver offers; additionals go first, then the reply is truncated', () => {
    const publications = Array.from({ length: 40 }, (_, i) => service(`Svc ${i}`))
    const lab = Lab.settled({ publications })
    lab.ask(question(TYPE, 'PTR'), {}, legacy)
    const [plain] = lab.listen(1_000)
    expect(plain?.bytes.length).toBeLessThanOrEqual(512)
    expect(plain?.message).toMatchObject({ truncated: true, additionals: [] })
    const opt = { ...opaque(nameFromText('.'), 41, [], 0), class: 1_232, flush: false }
    lab.ask(question(TYPE, 'PTR'), { additionals: [opt] }, legacy)
    const [offered] = lab.listen(1_000)
    expect(offered?.bytes.length).toBeGreaterThan(512)
    expect(offered?.bytes.length).toBeLessThanOrEqual(1_232)
    expect(offered?.message.truncated).toBe(false)
    expect(offered?.message.answers).toHaveLength(40)
  })

  test('R187 legdelay, R188 legrate, R191 legmulti: in time, one after the other, and not by multicast too', () => {
    const lab = Lab.settled()
    lab.ask(question(TYPE, 'PTR'), {}, legacy)
    lab.listen(100)
    lab.ask(question(TYPE, 'PTR'), {}, { from: { address: '198.18.0.2', port: 40_001 } })
    const heard = lab.listen(1_000)
    expect(heard.map(({ port }) => port)).toEqual([40_001])
    expect(heard[0]?.after).toBeLessThanOrEqual(120)
  })

  test('R190 legqu, R27 rd: the top bit of the class is tolerated', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'SRV', true), {}, legacy)
    expect(lab.listen(100).map(({ port }) => port)).toEqual([40_000])
  })

  test('R192 legneg, R171 nsecleg: a missing type is an empty answer, a name that is not ours is none', () => {
    const lab = Lab.settled()
    lab.ask(question(HOST, 'AAAA'), { id: 9 }, legacy)
    const [reply] = lab.listen(100)
    expect(reply?.message).toMatchObject({ id: 9, rcode: 0, answers: [], additionals: [] })
    lab.ask(question(nameFromText('elsewhere.local'), 'A'), {}, legacy)
    lab.ask(question(TYPE, 'SRV'), {}, legacy)
    expect(lab.listen(2_000)).toEqual([])
  })

  test('R154 kaqu: a plain reply is unmoved by the multicast of the same record', () => {
    const lab = Lab.settled()
    lab.ask(question(SUBTYPE, 'PTR'))
    lab.listen(500)
    lab.ask(question(SUBTYPE, 'PTR'), {}, legacy)
    const [reply] = responsesOf(lab.listen(500))
    expect(reply?.message.answers).toEqual([{ ...ptr(SUBTYPE, INSTANCE), ttl: 10 }])
    expect(reply?.message.additionals).toContainEqual({ ...a(HOST, ADDRESS, 10), flush: false })
  })
})

describe('allowance', () => {
  test('one host draws so many unicast replies in a second and no more, and others are answered all the same', () => {
    const lab = Lab.settled()
    for (let i = 0; i < 200; i++) lab.ask(question(INSTANCE, 'SRV'), {}, { from: { port: 40_000 } })
    lab.ask(question(INSTANCE, 'SRV', true))
    expect(lab.listen(10)).toHaveLength(LIMITS.repliesPerSource)
    const other = lab.world.peer()
    lab.ask(question(INSTANCE, 'SRV'), {}, { from: { address: other.address(4), port: 40_000 } })
    lab.world.run(10)
    expect(other.heard.filter(({ viaGroup }) => !viaGroup)).toHaveLength(1)
    expect(lab.listen(1_000)).toEqual([])
  })

  test('many hosts together draw no more than the total, and what is remembered of them is bounded', () => {
    const allowance = new Allowance(LIMITS)
    let granted = 0
    for (let i = 0; i < 10_000; i++) if (allowance.take(`host ${i}`, 0)) granted++
    expect(granted).toBe(LIMITS.repliesPerSecond)
    expect(allowance.size).toBe(LIMITS.replySources)
    for (let i = 0; i < 10_000; i++) if (allowance.take(`host ${i}`, 1_000)) granted++
    expect(granted).toBe(2 * LIMITS.repliesPerSecond)
  })
})
