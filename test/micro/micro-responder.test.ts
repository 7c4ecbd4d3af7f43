import { expect, test } from 'vitest'
import { MICRO_LIMITS } from '../../src/micro/limits.ts'
import { nodeName } from '../../src/micro/micro-name.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { EPHEMERAL, GREETER, LIST, MicroLan, publication, SECOND } from './micro-lan.ts'

function published(...ids: readonly string[]): MicroLan {
  const lan = new MicroLan()
  for (const id of ids) lan.host.publish(publication(id))
  lan.run(5 * SECOND)
  lan.take()
  return lan
}

test('whoever asks is answered alone, at once, with the question and in the order that Go insists on', () => {
  const lan = published('greeter-1')
  const asked = lan.world.now
  lan.ask(GREETER)
  lan.run(3)
  const [reply, ...more] = lan.take()
  expect(more).toEqual([])
  expect(reply).toMatchObject({ viaGroup: false, to: { port: EPHEMERAL }, from: { port: 5353 } })
  expect((reply?.at ?? 0) - asked).toBeLessThan(2)
  const message = reply?.message
  expect(message).toMatchObject({ id: 0, response: true, authoritative: true, additionals: [] })
  expect(message?.questions).toEqual([{ name: GREETER, type: 'PTR', class: 1, unicast: false }])
  expect(message?.answers.map(({ type }) => type)).toEqual(['PTR', 'SRV', 'A', 'TXT'])
  expect(message?.answers.every(({ ttl, flush }) => ttl === 120 && !flush)).toBe(true)
  expect(message?.answers[1]).toMatchObject({ priority: 10, weight: 1, port: 8080, target: 'ours' })
})

test('several nodes are told in a message each', () => {
  const lan = published('a', 'b', 'c')
  lan.ask(GREETER)
  lan.run(3)
  const targets = lan.take().map(({ message }) => message.answers.filter(({ type }) => type === 'PTR'))
  expect(targets.map((pointers) => pointers.map((rr) => rr.type === 'PTR' && rr.target))).toEqual([
    ['a.greeter.micro'],
    ['b.greeter.micro'],
    ['c.greeter.micro'],
  ])
})

test('the question comes back as it was asked, in its case, and with its id if a unicast answer was wanted', () => {
  const lan = published('greeter-1')
  const shouted = nameFromText('GREETER.micro')
  lan.ask(shouted, 'PTR', { id: 4711, unicast: true })
  lan.run(3)
  const [reply] = lan.take()
  expect(reply?.message.id).toBe(4711)
  expect(reply?.message.questions).toEqual([{ name: shouted, type: 'PTR', class: 1, unicast: true }])
})

test('the list has one entry for each service, with the port and address that stand for none', () => {
  const lan = published('a', 'b')
  lan.host.publish(publication('c', { service: 'go.micro.srv.other' }))
  lan.run(5 * SECOND)
  lan.take()
  lan.ask(LIST)
  lan.run(3)
  const replies = lan.take().map(({ message }) => message)
  expect(replies.map(({ answers }) => answers.map(({ name }) => name))).toEqual([
    ['_services.micro', 'greeter._services.micro', 'ours', 'greeter._services.micro'],
    ['_services.micro', 'go.micro.srv.other._services.micro', 'ours', 'go.micro.srv.other._services.micro'],
  ])
  expect(replies[0]?.answers.slice(1, 3)).toMatchObject([{ port: 9999 }, { address: '0.0.0.0' }])
})

test('a node answers for its own name, but never to the question for a pointer that has no answer', () => {
  const lan = published('greeter-1')
  const name = nodeName('greeter-1', 'greeter', 'micro')
  for (const type of ['SRV', 'TXT', 'ANY'] as const) lan.ask(name, type)
  lan.run(3)
  const types = lan.take().map(({ message }) => message.answers.map(({ type }) => type))
  expect(types).toEqual([
    ['SRV', 'A', 'TXT'],
    ['SRV', 'A', 'TXT'],
    ['SRV', 'A', 'TXT'],
  ])
  lan.ask(name, 'PTR')
  lan.ask(GREETER, 'SRV')
  lan.ask(nameFromText('other.micro'), 'PTR')
  lan.run(100)
  expect(lan.take()).toEqual([])
})

test('who asks from port 5353 is not answered: a Go program would answer the answer, and for ever', () => {
  const lan = published('greeter-1')
  lan.ask(GREETER, 'PTR', { port: 5353 })
  lan.run(SECOND)
  expect(lan.take()).toEqual([])
})

test('who asks from beyond the link, or of one of us alone, is not answered', () => {
  const lan = published('greeter-1')
  const bytes = Buffer.from('0007000000010000000000000767726565746572056d6963726f00000c0001', 'hex')
  lan.go.send(bytes, { from: { address: '203.0.113.5', port: EPHEMERAL } })
  const [own] = lan.host.links[0]?.addresses ?? []
  lan.go.send(bytes, { to: { address: own?.address ?? '', port: 5353 }, from: { port: EPHEMERAL } })
  lan.run(SECOND)
  expect(lan.take()).toEqual([])
  lan.go.send(bytes, { from: { port: EPHEMERAL } })
  lan.run(SECOND)
  expect(lan.take()).toHaveLength(1)
})

test('a node with an address of its own is told with it, whatever the link has', () => {
  const lan = new MicroLan()
  lan.host.publish(publication('a', { address: { address: '2001:db8::7', family: 6 } }))
  lan.run(5 * SECOND)
  lan.take()
  lan.ask(GREETER)
  lan.run(3)
  const addresses = lan.take().flatMap(({ message }) => message.answers.filter(({ type }) => type === 'AAAA'))
  expect(addresses).toMatchObject([{ address: '2001:db8::7' }])
})

test('one host gets 20 answers a second, all together 200, and 256 hosts are remembered', () => {
  const lan = published('greeter-1')
  for (let n = 0; n < 100; n++) lan.ask(GREETER)
  lan.run(10)
  expect(lan.take()).toHaveLength(MICRO_LIMITS.repliesPerSource)
  lan.run(5 * SECOND)
  const bytes = Buffer.from('0007000000010000000000000767726565746572056d6963726f00000c0001', 'hex')
  const before = lan.world.transcript.length
  for (let n = 0; n < 1_000; n++) {
    lan.go.send(bytes, { from: { address: `198.18.${4 + (n >> 8)}.${n & 255}`, port: EPHEMERAL } })
  }
  lan.run(100)
  const replies = lan.world.transcript.slice(before).filter(({ sender }) => sender === 'ours')
  expect(replies.length).toBeGreaterThanOrEqual(MICRO_LIMITS.repliesPerSecond)
  expect(replies.length).toBeLessThanOrEqual(MICRO_LIMITS.repliesPerSecond * 1.2)
})
