import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import type { QuestionType } from '../../src/wire/types.ts'
import { Lan } from '../dnssd/lan.ts'
import { HOST, Lab, question, responsesOf } from './lab.ts'

const NS: QuestionType = 'TYPE2'
const SOA: QuestionType = 'TYPE6'
const AXFR: QuestionType = 'TYPE252'

describe('no zone, no delegation', () => {
  test('R274 nons: NS, SOA and transfers of .local are met with silence, and so are children of our names', () => {
    const lab = Lab.settled()
    for (const port of [5353, 40_000]) {
      for (const type of [NS, SOA, AXFR]) lab.ask(question(nameFromText('local'), type), {}, { from: { port } })
      for (const type of [NS, SOA, 'A', 'ANY'] as const) {
        lab.ask(question(nameFromText(`child.${HOST}`), type), {}, { from: { port } })
      }
    }
    expect(lab.listen(2_000)).toEqual([])
    // What was heard before it was heard at all.
    lab.ask(question(HOST, 'A'))
    expect(responsesOf(lab.listen(2_000))).toHaveLength(1)
  })

  test('R274 nons: nothing that we do asks for NS or SOA', async () => {
    const lan = new Lan()
    const [one, two] = [lan.station('one'), lan.station('two')]
    one.dnssd.advertise({ name: 'Web', type: 'http', port: 80 })
    two.dnssd.browse('http')
    two.dnssd.types()
    void two.dnssd.resolve('Absent', 'http').catch(() => {})
    await lan.world.until(two.dnssd.lookup('one'))
    lan.world.run(60_000)
    const asked = [...lan.questions(one), ...lan.questions(two)].map((each) => each.split(' ')[0])
    expect([...new Set(asked)].sort()).toEqual(['A', 'AAAA', 'ANY', 'PTR', 'SRV', 'TXT'])
  })
})
