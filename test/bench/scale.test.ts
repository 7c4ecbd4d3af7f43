import { expect, test } from 'vitest'
import { encode } from '../../src/wire/encode.ts'
import { nameFromText } from '../../src/wire/name.ts'
import { CLASS_IN, type Question, type Rr } from '../../src/wire/types.ts'

/** The bench is plain JavaScript, which is run as it is. */
const load = (file: string) => import(`./scale/${file}.mjs`)

const HOST = nameFromText('a.local')
const TYPE = nameFromText('_a._tcp.local')
const INSTANCE = nameFromText('a._a._tcp.local')
const question = (type: Question['type']): Question => ({ name: TYPE, type, class: CLASS_IN, unicast: false })
const ptr: Rr = { name: TYPE, type: 'PTR', class: CLASS_IN, flush: false, ttl: 120, target: INSTANCE }
const srv: Rr = {
  ...{ name: INSTANCE, type: 'SRV', class: CLASS_IN, flush: true, ttl: 120 },
  ...{ priority: 0, weight: 0, port: 80, target: HOST },
}

const DATAGRAMS: Readonly<Record<string, Uint8Array>> = {
  probe: encode({ questions: [{ ...question('ANY'), name: INSTANCE }], authorities: [{ ...srv, flush: false }] }),
  announcement: encode({ response: true, answers: [ptr, srv] }),
  'browse question': encode({ questions: [question('PTR')], answers: [ptr] }),
  'browse question, known answers going on': encode({ answers: [ptr] }),
  'question for a service': encode({ questions: [question('SRV'), question('A')] }),
  'question for addresses': encode({ questions: [question('AAAA')] }),
  answer: encode({ response: true, answers: [ptr], additionals: [srv] }),
  goodbye: encode({ response: true, answers: [{ ...ptr, ttl: 0 }] }),
}

test('the census tells the kinds of datagrams apart, and counts their bytes, records and questions', async () => {
  const { Census } = await load('census')
  const census = new Census()
  for (const bytes of Object.values(DATAGRAMS)) census.see({ at: 5, sender: 'a', viaGroup: true, bytes })
  for (const [kind, { length }] of Object.entries(DATAGRAMS)) {
    expect(census.kinds[kind], kind).toMatchObject({ packets: 1, bytes: length })
  }
  expect(census.kinds['unicast answer'].packets).toBe(0)
  expect(census.kinds.answer.records).toBe(2)
  expect(census.questions).toEqual({ PTR: 1, SRV: 1, A: 1, AAAA: 1 })
})

test('what looks like an announcement is one only of a host that probed just now', async () => {
  const { Census } = await load('census')
  const census = new Census()
  const see = (at: number, sender: string, kind: string) =>
    census.see({ at, sender, viaGroup: true, bytes: DATAGRAMS[kind] })
  see(0, 'a', 'probe')
  see(250, 'a', 'announcement')
  see(250, 'b', 'announcement')
  see(60_000, 'a', 'announcement')
  expect([census.kinds.announcement.packets, census.kinds.answer.packets]).toEqual([1, 2])
})

test('a wire that takes 10 ms a datagram makes the third of three at once wait for 20 ms', async () => {
  const { Wire } = await load('wire')
  const wire = new Wire(() => 10)
  for (const at of [0, 0, 0, 1500]) wire.see({ at, bytes: new Uint8Array(), viaGroup: true })
  expect(wire.figures).toEqual({ longestWait: 20, mostWaiting: 3, busiest: 0.03 })
})

test('a size says who watches what, and nonsense is none', async () => {
  const { labelOf, parseSize } = await load('size')
  const labels = ['10', '5000/5', '1000/service'].map((text) => labelOf(parseSize(text)))
  expect(labels).toEqual(['10', '5,000, 5 watch', '1,000, each one service of 10'])
  expect(['0', '10/11', '-1', 'ten', '10/', '10/x'].map(parseSize)).toEqual(Array(6).fill(undefined))
})

test('a chart places powers of ten evenly, is well-formed, and draws what is not the full thing hollow', async () => {
  const { chart, Scale } = await load('chart')
  const scale = new Scale([10, 5000], 300)
  expect([scale.at(10), scale.at(100), scale.at(10_000)].map(Math.round)).toEqual([0, 100, 300])
  const points = [
    { x: 10, y: 1.6, some: false },
    { x: 5000, y: 2, some: true },
  ]
  const svg: string = chart({ title: 'a < b & c', panels: [{ title: 'Time', unit: 's', points }] })
  expect(svg).toContain('<title>a &#60; b &#38; c</title>')
  expect(svg.match(/<circle class="point/g)).toHaveLength(2)
  expect(svg.match(/<circle class="point hollow"/g)).toHaveLength(1)
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  const stack: string[] = []
  for (const [, close, name = '', rest = ''] of svg.matchAll(/<(\/?)([a-z]+)([^>]*)>/g)) {
    if (close) expect(stack.pop()).toBe(name)
    else if (!rest.endsWith('/')) stack.push(name)
  }
  expect(stack).toEqual([])
})

test('1,000 nodes are held to the limits, and to a tenth of them', async () => {
  const { verdicts } = await load('limits')
  const size = (nodes: number, { packets, perPacket }: { packets: number; perPacket: number }) => ({
    ...{ nodes, watchers: nodes, one: false, knowAll: { all: 2000 } },
    ...{ start: { packets: 4 * nodes, cpu: { perPacket } }, steady: { packets, seconds: 100 } },
  })
  const holds = (all: readonly unknown[]) => verdicts(all).map((verdict: { holds: boolean }) => verdict.holds)
  const small = size(100, { packets: 300, perPacket: 0.05 })
  expect(holds([small, size(1000, { packets: 3000, perPacket: 0.06 })])).toEqual([true, true, true, true])
  expect(holds([small, size(1000, { packets: 9000, perPacket: 0.2 })])).toEqual([true, true, false, false])
  expect(holds([{ ...small, nodes: 1000, watchers: 10 }])).toEqual([])
})

test('the figures of a page are replaced between its marks, and a page without marks is refused', async () => {
  const { replaceFigures } = await load('report')
  const page = (figures: string) => `a\n<!-- figures -->\n${figures}\n<!-- end of figures -->\nb\n`
  expect(replaceFigures(page('old\n$1'), 'new $1')).toBe(page('new $1'))
  expect(() => replaceFigures('a', 'new')).toThrow('no marks')
})
