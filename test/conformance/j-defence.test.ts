import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import { a, type Heard, HOST, INSTANCE, Lab, question, recordsOf, responsesOf, srv, text, timesOf } from './lab.ts'

const FOREIGN = nameFromText('elsewhere.local')

const unicast = (heard: readonly Heard[]) => responsesOf(heard).filter(({ viaGroup }) => !viaGroup)

describe('defence', () => {
  const theirs = [srv(INSTANCE, { port: 1 })]

  test('R142 def0, R81 quprobe: a QU probe is answered at once by unicast, with all records of the name', () => {
    const lab = Lab.settled()
    const questions = [question(FOREIGN, 'ANY', true), question(INSTANCE, 'ANY', true)]
    lab.say({ questions, authorities: [...theirs, a(FOREIGN, '198.18.0.9')].map((rr) => ({ ...rr, flush: false })) })
    const replies = unicast(lab.listen(10))
    expect(replies).toHaveLength(1)
    expect(replies.flatMap((each) => recordsOf(each, 'answers'))).toEqual([srv(INSTANCE), text(INSTANCE)])
  })

  test('R146 rate250: QM probes get their defence in time, four or five in a second and no more', () => {
    const lab = new Lab()
    lab.world.runUntil(() => lab.events.some(({ kind }) => kind === 'published'))
    const start = lab.world.now
    for (let i = 0; i < 200; i++) lab.world.clock.at(start + i * 5, () => lab.probe(INSTANCE, theirs))
    const times = timesOf(lab.listen(990), INSTANCE, 'SRV')
    expect(times).toEqual([0, 250, 500, 750])
  })

  test('R146 rate250: an ordinary question for the same record does not put the defence off', () => {
    const lab = Lab.settled()
    lab.ask(question(INSTANCE, 'SRV'))
    lab.listen(100)
    lab.probe(INSTANCE, theirs)
    lab.listen(50)
    lab.ask(question(INSTANCE, 'SRV'))
    expect(timesOf(lab.listen(2_000), INSTANCE, 'SRV')[0]).toBe(100)
  })

  test('R266 ifall: the host name is defended on every link', () => {
    const lab = Lab.settled({ families: [4, 6] })
    for (const family of [4, 6] as const) {
      lab.probe(HOST, [a(HOST, '198.18.0.9')], { family })
      const heard = lab.listen(10)
      expect(
        timesOf(
          heard.filter((each) => each.family === family),
          HOST,
          'A',
        ),
      ).toEqual([0])
      lab.listen(2_000)
    }
  })
})
