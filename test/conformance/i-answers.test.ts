import { describe, expect, test } from 'vitest'
import type { Publication } from '../../src/mdns/types.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { CLASS_ANY, CLASS_IN } from '../../src/wire/types.ts'
import {
  ADDRESS,
  a,
  brief,
  HOST,
  INSTANCE,
  instanceAt,
  Lab,
  probesOf,
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

const TARGET = nameFromText('web.local')

const alias: Publication = {
  id: 'alias',
  needsHost: true,
  records: ({ host }) => [{ type: 'CNAME', name: TARGET, class: CLASS_IN, flush: true, ttl: 120, target: host }],
}

describe('what is answered', () => {
  test('R121 any: ANY gets all records of the name, for class ANY too', () => {
    expect(replyTo(question(INSTANCE, 'ANY')).answers).toEqual([srv(INSTANCE), text(INSTANCE)])
    expect(replyTo({ ...question(INSTANCE, 'SRV'), class: CLASS_ANY }).answers).toEqual([srv(INSTANCE)])
    const host = replyTo(question(HOST, 'ANY'), { families: [4, 6] }).answers
    expect(host.map(({ type }) => type)).toEqual(['A', 'AAAA', 'AAAA'])
    const publications = [service('One'), service('Two')]
    const pointers = replyTo(question(TYPE, 'ANY'), { publications }).answers
    expect(pointers).toEqual([ptr(TYPE, instanceAt('One')), ptr(TYPE, instanceAt('Two'))])
    expect(replyTo({ ...question(INSTANCE, 'SRV'), class: 3 }).answers).toEqual([])
  })

  test('R122 cname: an alias answers every type, with the addresses of its target', () => {
    const { answers, additionals } = replyTo(question(TARGET, 'A'), { publications: [alias] })
    expect(answers).toMatchObject([{ type: 'CNAME', target: HOST }])
    expect(additionals).toContainEqual(a(HOST, ADDRESS))
  })

  test('R131 needq: a host that asks nothing asks all the same whether its names are free', () => {
    const probes = probesOf(new Lab().listen(2_000))
    const asked = probes.flatMap(({ message }) => message.questions.map(({ name }) => name))
    expect(new Set(asked)).toEqual(new Set([HOST, INSTANCE]))
    expect(probes).toHaveLength(3)
  })

  test('R126 nodup: no record comes twice in one datagram', () => {
    const questions = (['PTR', 'ANY'] as const).map((type) => question(TYPE, type))
    const all = replyTo([...questions, question(INSTANCE, 'SRV'), question(INSTANCE, 'ANY'), question(HOST, 'A')])
    const records = [...all.answers, ...all.additionals].map(brief)
    expect(new Set(records).size).toBe(records.length)
    expect(records).toContain(`SRV! ${INSTANCE} 120`)
  })

  test('R124 flushset, R125 flushshared, R263 ttl120, R264 ttl4500, R265 ttlorig: bits and TTLs everywhere', () => {
    const lab = Lab.settled()
    lab.listen(100_000)
    lab.ask([question(TYPE, 'PTR'), question(SUBTYPE, 'PTR'), question(INSTANCE, 'A')])
    const records = responsesOf(lab.listen(1_000)).flatMap((each) => recordsOf(each))
    expect(records.map(brief).sort()).toEqual(
      [
        `A! ${HOST} 120`,
        `NSEC! ${HOST} 120`,
        `NSEC! ${INSTANCE} 120`,
        `PTR ${TYPE} 4500`,
        `PTR ${SUBTYPE} 4500`,
        `SRV! ${INSTANCE} 120`,
        `TXT! ${INSTANCE} 4500`,
      ].sort(),
    )
  })
})
