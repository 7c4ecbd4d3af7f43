import { describe, expect, test } from 'vitest'
import { labelsOf } from '../../src/wire/name.ts'
import type { Name, QuestionType } from '../../src/wire/types.ts'
import { Bct, CASES, hostAt, isHost, LATER, META, namesProbed } from './bct.ts'
import { ADDRESS, a, type Heard, HOST, INSTANCE, question, recordsOf, responsesOf, TYPE } from './lab.ts'

const RESOLVER_PORT = 49_152

/** A tester of another subnet on the same link: 169.254/16 to a routable device, or the reverse. */
const LINK_LOCAL = '169.254.7.7'
const ROUTABLE = '198.19.2.3'

const DENIAL = a(HOST, LATER)

const answers = (heard: readonly Heard[]) => responsesOf(heard).flatMap((each) => recordsOf(each, 'answers'))

describe.each(CASES)('UNICAST INTEROPERABILITY, $written', ({ spell }) => {
  const QUESTIONS: readonly (readonly [QuestionType, Name, readonly string[]])[] = [
    ['A', HOST, ['A']],
    ['SRV', INSTANCE, ['SRV']],
    ['TXT', INSTANCE, ['TXT']],
    ['PTR', TYPE, ['PTR']],
    ['PTR', META, ['PTR']],
    ['ANY', INSTANCE, ['SRV', 'TXT']],
    ['AAAA', HOST, []],
  ]

  test.each(QUESTIONS)('R181 leguni, R182 legid, R184 legttl: a plain %s query for %s', (type, name, types) => {
    const bct = Bct.announced()
    bct.ask(question(spell(name), type), { id: 4_711 }, { from: { port: RESOLVER_PORT } })
    const heard = bct.listen(2_000)
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatchObject({ after: 0, viaGroup: false, port: RESOLVER_PORT })
    expect(heard[0]?.message).toMatchObject({ id: 4_711, questions: [question(spell(name), type)] })
    expect(answers(heard).map((rr) => rr.type)).toEqual(types)
  })

  test('R183 legflush: CACHE FLUSH BIT NOT SET IN UNICAST RESPONSE, in no section', () => {
    const bct = Bct.announced()
    bct.ask(question(spell(TYPE), 'PTR'), { id: 1 }, { from: { port: RESOLVER_PORT } })
    const records = bct.listen(2_000).flatMap((each) => recordsOf(each))
    expect(records.map(({ type }) => type)).toEqual(['PTR', 'SRV', 'TXT', 'A'])
    expect(records.filter(({ flush }) => flush)).toEqual([])
  })

  test('R185 legsrv: the target of an SRV record is written out', () => {
    const bct = Bct.announced()
    bct.ask(question(spell(INSTANCE), 'SRV'), { id: 1 }, { from: { port: RESOLVER_PORT } })
    const target = labelsOf(HOST).flatMap((label) => [label.length, ...label])
    const [heard] = bct.listen(2_000)
    expect(Buffer.from(heard?.bytes ?? []).includes(Buffer.from([...target, 0]))).toBe(true)
  })
})

describe('LINK-LOCAL TO ROUTABLE COMMUNICATION, and the reverse', () => {
  test.each([
    ['a link-local', LINK_LOCAL],
    ['a routable', ROUTABLE],
  ])('R10 mconlink, R14 offsubqu: %s tester is answered by multicast, whatever it wants', (_, address) => {
    const bct = Bct.announced()
    // The network of the device is narrower than the one that the simulation gave it.
    const narrow = [{ address: ADDRESS, family: 4, prefixLength: 24 } as const]
    bct.world.transport(bct.dut).readdress(bct.world.lan, narrow)
    bct.listen(5_000)
    for (const unicast of [false, true]) {
      bct.ask(question(INSTANCE, 'SRV', unicast), {}, { from: { address } })
      const heard = bct.listen(2_000)
      expect(answers(heard).map(({ type }) => type)).toEqual(['SRV'])
      expect(heard.every(({ viaGroup }) => viaGroup)).toBe(true)
    }
  })

  test('R10 mconlink: a denial by such a tester counts', () => {
    const bct = new Bct()
    bct.onProbe(HOST, ({ questions }) => {
      const records = questions.filter(({ name }) => name === HOST)
      bct.respond(
        records.map(({ name }) => ({ ...DENIAL, name })),
        {},
        { from: { address: LINK_LOCAL } },
      )
    })
    expect(namesProbed(bct.listen(5_000), isHost)).toEqual([0, 1, 1, 1].map(hostAt))
  })

  test.each([
    ['link-local to routable', LINK_LOCAL, ROUTABLE],
    ['routable to link-local', ROUTABLE, LINK_LOCAL],
  ])('R239 updaddr: a device that goes from %s announces the one address that it has', (_, before, after) => {
    const bct = new Bct()
    const readdress = (address: string) =>
      bct.world.transport(bct.dut).readdress(bct.world.lan, [{ address, family: 4, prefixLength: 16 }])
    readdress(before)
    bct.world.run(5_000)
    readdress(after)
    const told = answers(bct.listen(5_000)).flatMap((rr) => (rr.type === 'A' ? [rr] : []))
    expect(told.filter(({ ttl }) => ttl > 0).map(({ address }) => address)).toEqual([after, after])
    expect(new Set(told.filter(({ ttl }) => ttl === 0).map(({ address }) => address))).toEqual(new Set([before]))
    bct.ask(question(HOST, 'A'), {}, { from: { address: before } })
    const answered = answers(bct.listen(2_000)).flatMap((rr) => (rr.type === 'A' ? [rr.address] : []))
    expect(answered).toEqual([after])
  })
})
