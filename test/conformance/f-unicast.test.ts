import { describe, expect, test } from 'vitest'
import { HOST, INSTANCE, Lab, question, recordsOf, srv, TYPE, text, timesOf } from './lab.ts'

describe('QU questions', () => {
  test('R79 quuni, R82 quflush: answered by unicast to port 5353, as a multicast reply would be', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'SRV', true), { id: 77 })
    const heard = lab.listen(1_000)
    expect(heard.map(({ viaGroup, port, after }) => ({ viaGroup, port, after }))).toEqual([
      { viaGroup: false, port: 5353, after: 0 },
    ])
    expect(heard[0]?.message).toMatchObject({ id: 0, questions: [], answers: [srv(INSTANCE)] })
  })

  test('R82 quflush: for a shared record the reply waits 20 to 120 ms', () => {
    const lab = Lab.settled()
    for (let i = 0; i < 50; i++) {
      lab.ask(question(TYPE, 'PTR', true))
      const [reply] = lab.listen(1_000)
      expect(reply?.viaGroup).toBe(false)
      expect(reply?.after).toBeGreaterThanOrEqual(20)
      expect(reply?.after).toBeLessThanOrEqual(120)
    }
  })

  test('R80 ququarter: what was not multicast for a quarter of its TTL is multicast instead', () => {
    for (const [name, type, quarter] of [
      [INSTANCE, 'SRV', 30_000],
      [TYPE, 'PTR', 1_125_000],
    ] as const) {
      for (const [late, viaGroup] of [
        [-1_000, false],
        [1_000, true],
      ] as const) {
        const lab = Lab.settled()
        lab.ask(question(name, type))
        const [sent] = lab.listen(200)
        lab.listen(quarter + late - 200 + (sent?.after ?? 0))
        lab.ask(question(name, type, true))
        expect(lab.listen(1_000).map((each) => each.viaGroup)).toEqual([viaGroup])
      }
    }
  })

  test('R81 quprobe: a QU probe always gets its unicast reply, and a multicast one if that is due', () => {
    const lab = Lab.settled()
    lab.listen(60_000)
    const questions = [question(INSTANCE, 'ANY', true)]
    lab.say({ questions, authorities: [{ ...srv(INSTANCE, { port: 1 }), flush: false }] })
    const heard = lab.listen(10)
    expect(heard.map(({ viaGroup }) => viaGroup).sort()).toEqual([false, true])
    const direct = heard.filter(({ viaGroup }) => !viaGroup).flatMap((each) => recordsOf(each, 'answers'))
    expect(direct).toEqual([srv(INSTANCE), text(INSTANCE)])
  })

  test('R83 qumix: each question is answered in its own way, and none is lost', () => {
    const lab = Lab.settled()
    lab.ask([question(INSTANCE, 'SRV', true), question(HOST, 'A')])
    const heard = lab.listen(1_000)
    expect(
      timesOf(
        heard.filter(({ viaGroup }) => viaGroup),
        HOST,
        'A',
      ),
    ).toHaveLength(1)
    expect(timesOf(heard, INSTANCE, 'SRV')).toHaveLength(1)
  })

  test('R13 duq: a query by direct unicast gets a unicast reply, from another subnet it gets nothing', () => {
    const lab = Lab.settled()
    const to = lab.world.endpoint(lab.dut)
    lab.ask(question(INSTANCE, 'SRV'), {}, { to })
    expect(lab.listen(1_000).map(({ viaGroup }) => viaGroup)).toEqual([false])
    const before = lab.world.transcript.length
    lab.ask(question(INSTANCE, 'SRV'), {}, { to, from: { address: '203.0.113.9' } })
    lab.listen(2_000)
    expect(lab.world.transcript.length).toBe(before + 1)
  })

  test('R14 offsubqu: a QU question from another subnet is answered by multicast', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'SRV', true), {}, { from: { address: '203.0.113.9' } })
    expect(lab.listen(1_000).map(({ viaGroup }) => viaGroup)).toEqual([true])
  })
})
