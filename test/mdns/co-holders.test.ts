import { expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import { ADDRESS, a, HOST, Lab, question, recordsOf, responsesOf, unflushed } from '../conformance/lab.ts'

/** The types of the records that the host says goodbye to when its service is withdrawn. */
function goodbyesOf(lab: Lab): readonly string[] {
  lab.dut.withdraw('Test Svc')
  const records = responsesOf(lab.listen(2_000)).flatMap((heard) => recordsOf(heard, 'answers'))
  return [...new Set(records.filter(({ ttl }) => ttl === 0).map(({ type }) => type))].sort()
}

test('R242 gbshared: an address that a second program of this machine announces too is not taken from it', () => {
  const lab = Lab.settled()
  lab.respond([a(HOST, ADDRESS)])
  lab.world.run(1_000)
  expect(goodbyesOf(lab)).toEqual(['PTR', 'SRV', 'TXT'])
})

test('R242 gbshared: nor one that a second program has only proposed in its probes so far', () => {
  const lab = Lab.settled()
  lab.say({ questions: [question(HOST, 'ANY')], authorities: [unflushed(a(HOST, ADDRESS))] })
  lab.world.run(1_000)
  expect(goodbyesOf(lab)).toEqual(['PTR', 'SRV', 'TXT'])
})

test('R248 confdef: a probe that proposes just what we hold is no contest and gets no defence, any other does', () => {
  const other = a(HOST, '198.18.0.200')
  const own = a(HOST, ADDRESS)
  for (const [proposed, defended] of [
    [[own], false],
    [[own, other], true],
    [[other], true],
  ] as const) {
    const lab = Lab.settled()
    lab.say({ questions: [question(HOST, 'ANY')], authorities: proposed.map(unflushed) })
    expect(responsesOf(lab.listen(2_000)).length > 0).toBe(defended)
  }
})

test('R241 gb: once the other program took its leave, or was not heard for a TTL, the goodbye is ours to say', () => {
  const left = Lab.settled()
  left.respond([a(HOST, ADDRESS)])
  left.respond([a(HOST, ADDRESS, 0)])
  left.world.run(3_000)
  expect(goodbyesOf(left)).toEqual(['A', 'PTR', 'SRV', 'TXT'])
  const silent = Lab.settled()
  silent.respond([a(HOST, ADDRESS)])
  silent.world.run(121_000)
  expect(goodbyesOf(silent)).toEqual(['A', 'PTR', 'SRV', 'TXT'])
})

test('R17 ownecho: our own announcement that comes back is no second holder', () => {
  const lab = new Lab()
  lab.peer.onHear = ({ bytes }) => lab.peer.send(bytes)
  lab.world.run(1_200)
  lab.peer.onHear = () => {}
  lab.world.run(5_000)
  expect(goodbyesOf(lab)).toEqual(['A', 'PTR', 'SRV', 'TXT'])
})

test.each([2_500, 8_000, 25_000])(
  'R17 ownecho, R241 gb: nor is one that a busy process reads only %i ms after it was sent',
  (late) => {
    const lab = new Lab()
    const { clock } = lab.world
    lab.peer.onHear = ({ bytes }) => void clock.at(clock.now() + late, () => lab.peer.send(bytes))
    lab.world.run(1_200)
    lab.peer.onHear = () => {}
    lab.world.run(late + 5_000)
    expect(goodbyesOf(lab)).toEqual(['A', 'PTR', 'SRV', 'TXT'])
  },
)

test('a name that is not ours is nothing to remember', () => {
  const lab = Lab.settled()
  lab.respond([a(nameFromText('other.local'), ADDRESS)])
  expect(goodbyesOf(lab)).toEqual(['A', 'PTR', 'SRV', 'TXT'])
})
